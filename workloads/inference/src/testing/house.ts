import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { TestContext } from 'node:test'
import {
  type Alive,
  type Answer,
  type Door,
  digestOf,
  type Exchange,
  type House,
  type Model,
  type Pulse,
  type Question,
  type Quote,
  type Settlement,
  utf8,
} from '@heddle/protocol'
import { FEATURES } from '../features.ts'
import { encodePiece, type Piece } from '../output.ts'

export const model: Model = {
  id: 'toy',
  digest: digestOf(utf8('toy weights')),
  context: 400,
  prices: { prompt: '2', cached: '1', completion: '5' },
  features: FEATURES,
}

export const settlement: Settlement = {
  finish: 'stop',
  used: { prompt: 5n, cached: 2n, completion: 3n },
  charge: 27n,
  receipt: digestOf(utf8('job')),
  provider: `0x${'ab'.repeat(20)}`,
}

export const quote: Quote = {
  model: model.id,
  provider: settlement.provider,
  own: false,
  prices: model.prices,
  input: { used: { prompt: 7n, cached: 0n, completion: 0n }, exact: true },
  most: { used: { prompt: 7n, cached: 0n, completion: 100n }, charge: 514n },
  latency: 12,
}

type Script = {
  /** What is waited for before there is an answer. */
  before?: Promise<void>
  /** Told while it is waited for. */
  alive?: Alive
  /** Pieces of the answer, or their bytes; an Error is thrown where it stands, a promise is waited for. */
  deltas?: readonly (string | Uint8Array | Piece | Error | Promise<void>)[]
  settlement?: Partial<Settlement>
  quote?: Partial<Quote>
  models?: readonly Model[]
  refuses?: Error
}

const bytesOf = (piece: string | Uint8Array | Piece): Uint8Array => {
  if (piece instanceof Uint8Array) return piece
  return utf8(encodePiece(typeof piece === 'string' ? { text: piece } : piece))
}

/** A house that records what it is asked and answers from a script. */
export function recordingHouse(script: Script = {}) {
  const asked: { question: Question; signal: AbortSignal }[] = []
  const models = script.models ?? [model]
  const house: House = {
    models: () => models,
    async quote(question, signal) {
      asked.push({ question, signal })
      if (script.refuses) throw script.refuses
      return { ...quote, ...script.quote }
    },
    async ask(question, signal, alive): Promise<Answer> {
      asked.push({ question, signal })
      if (script.alive) alive?.(script.alive)
      await script.before
      if (script.refuses) throw script.refuses
      const done = Promise.withResolvers<Settlement>()
      async function* deltas() {
        for (const piece of script.deltas ?? ['Hel', 'lo']) {
          if (signal.aborted) throw signal.reason
          if (piece instanceof Error) {
            done.reject(piece)
            throw piece
          }
          if (piece instanceof Promise) await piece
          else yield bytesOf(piece)
        }
        done.resolve({ ...settlement, ...script.settlement })
      }
      const answering = models.find(one => question.models.includes(one.id)) ?? model
      return { id: settlement.receipt, model: answering, deltas: deltas(), done: done.promise }
    },
  }
  return { house, asked }
}

type CallOptions = {
  signal?: AbortSignal
  headers?: Readonly<Record<string, string>>
  pulse?: Pulse
  /** Hears what a stream writes, when it does. */
  onWrite?: (text: string) => void
}

/** Calls a route of a door in process, as an edge would, and records what goes out. */
export async function call(
  door: Door,
  house: House,
  method: string,
  path: string,
  body?: unknown,
  { signal, headers: given = {}, pulse, onWrite }: CallOptions = {},
) {
  const out = {
    status: 0,
    headers: {} as Readonly<Record<string, string>>,
    json: undefined as unknown,
    text: '',
    writes: 0,
  }
  const { route, params } = match(door, method, path)
  const exchange: Exchange = {
    params,
    body,
    header: name => given[name],
    house,
    ...(pulse && { pulse }),
    signal: signal ?? new AbortController().signal,
    json(status, value, headers = {}) {
      Object.assign(out, { status, json: JSON.parse(JSON.stringify(value)), headers })
    },
    stream(status, headers) {
      Object.assign(out, { status, headers })
      return {
        write(text) {
          out.text += text
          onWrite?.(text)
          return ++out.writes % 2 === 0
        },
        drained: async () => {},
        end(text = '') {
          out.text += text
        },
      }
    },
  }
  try {
    await route.handle(exchange)
  } catch (error) {
    const { status, body: value, headers = {} } = door.error(error)
    exchange.json(status, value, headers)
  }
  return out
}

function find(door: Door, method: string, path: string) {
  for (const route of door.routes) {
    const pattern = new RegExp(`^${route.path.replace(/:(\w+)\*/g, '(?<$1>.+)').replace(/:(\w+)/g, '(?<$1>[^/]+)')}$`)
    const found = pattern.exec(path)
    if (found && route.method === method) return { route, params: { ...found.groups } }
  }
  return undefined
}

function match(door: Door, method: string, path: string) {
  const found = find(door, method, path)
  if (!found) throw new Error(`no route for ${method} ${path}`)
  return found
}

/** Doors behind a real socket, for real clients. Only for tests: an edge does more. */
export async function listen(t: TestContext, doors: readonly Door[], house: House): Promise<string> {
  const server = createServer(async (request, response) => {
    const pieces: Buffer[] = []
    for await (const piece of request) pieces.push(piece as Buffer)
    const body: unknown = pieces.length > 0 ? JSON.parse(Buffer.concat(pieces).toString()) : undefined
    const gone = new AbortController()
    response.once('close', () => gone.abort())
    const path = new URL(request.url!, 'http://localhost').pathname
    const door = doors.find(one => find(one, request.method!, path))
    if (!door) return void response.writeHead(404).end()
    const { route, params } = match(door, request.method!, path)
    const header = (name: string) => request.headers[name] as string | undefined
    const exchange: Exchange = { params, body, header, house, signal: gone.signal, ...outlets(response) }
    try {
      await route.handle(exchange)
    } catch (error) {
      const { status, body: value, headers } = door.error(error)
      exchange.json(status, value, headers)
    }
  }).listen(0, '127.0.0.1')
  await new Promise(resolve => server.once('listening', resolve))
  t.after(() => {
    server.closeAllConnections()
    server.close()
  })
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

const outlets = (response: ServerResponse): Pick<Exchange, 'json' | 'stream'> => ({
  json(status, value, headers) {
    response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(value))
  },
  stream(status, headers) {
    response.writeHead(status, headers)
    return {
      write: text => response.write(text),
      drained: () => new Promise(resolve => response.once('drain', resolve)),
      end: text => void response.end(text),
    }
  },
})

/** The events of a stream, by their data; a name, where there is one, must be the data's type. */
export function eventsOf(text: string): Record<string, unknown>[] {
  const events = text.split('\n\n')
  if (events.pop() !== '') throw new Error('the last event has no end')
  return events.map(event => {
    const [, name, data] = /^(?:event: ([^\n]+)\n)?data: ([^\n]+)$/.exec(event) ?? []
    if (data === undefined) throw new Error(`not an event: ${event}`)
    if (data === '[DONE]') return { done: true }
    const value = JSON.parse(data) as Record<string, unknown>
    if (name !== undefined && value['type'] !== name) throw new Error(`${name} holds ${value['type']}`)
    return value
  })
}
