import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { TestContext } from 'node:test'
import {
  type Answer,
  type Door,
  digestOf,
  type Exchange,
  type House,
  type Model,
  type Question,
  type Settlement,
  utf8,
} from '@heddle/protocol'

export const model: Model = {
  id: 'toy',
  digest: digestOf(utf8('toy weights')),
  context: 400,
  prices: { prompt: '2', completion: '5' },
}

export const settlement: Settlement = {
  finish: 'stop',
  used: { prompt: 7n, completion: 3n },
  charge: 29n,
  receipt: digestOf(utf8('job')),
  provider: `0x${'ab'.repeat(20)}`,
}

type Script = {
  /** Pieces of the answer; an Error is thrown where it stands. */
  deltas?: readonly (string | Uint8Array | Error)[]
  settlement?: Partial<Settlement>
  refuses?: Error
}

/** A house that records what it is asked and answers from a script. */
export function recordingHouse(script: Script = {}) {
  const asked: { question: Question; signal: AbortSignal }[] = []
  const house: House = {
    models: () => [model],
    async ask(question, signal): Promise<Answer> {
      asked.push({ question, signal })
      if (script.refuses) throw script.refuses
      const done = Promise.withResolvers<Settlement>()
      async function* deltas() {
        for (const piece of script.deltas ?? ['Hel', 'lo']) {
          if (signal.aborted) throw signal.reason
          if (piece instanceof Error) {
            done.reject(piece)
            throw piece
          }
          yield typeof piece === 'string' ? utf8(piece) : piece
        }
        done.resolve({ ...settlement, ...script.settlement })
      }
      return { id: settlement.receipt, deltas: deltas(), done: done.promise }
    },
  }
  return { house, asked }
}

/** Calls a route of a door in process, as an edge would, and records what goes out. */
export async function call(
  door: Door,
  house: House,
  method: string,
  path: string,
  body?: unknown,
  signal?: AbortSignal,
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
    house,
    signal: signal ?? new AbortController().signal,
    json(status, value, headers = {}) {
      Object.assign(out, { status, json: JSON.parse(JSON.stringify(value)), headers })
    },
    stream(status, headers) {
      Object.assign(out, { status, headers })
      return {
        write(text) {
          out.text += text
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

function match(door: Door, method: string, path: string) {
  for (const route of door.routes) {
    const pattern = new RegExp(`^${route.path.replace(/:(\w+)/g, '(?<$1>[^/]+)')}$`)
    const found = pattern.exec(path)
    if (found && route.method === method) return { route, params: { ...found.groups } }
  }
  throw new Error(`no route for ${method} ${path}`)
}

/** The door behind a real socket, for real clients. Only for tests: an edge does more. */
export async function listen(t: TestContext, door: Door, house: House): Promise<string> {
  const server = createServer(async (request, response) => {
    const pieces: Buffer[] = []
    for await (const piece of request) pieces.push(piece as Buffer)
    const body: unknown = pieces.length > 0 ? JSON.parse(Buffer.concat(pieces).toString()) : undefined
    const gone = new AbortController()
    response.once('close', () => gone.abort())
    const { route, params } = match(door, request.method!, request.url!)
    const exchange: Exchange = { params, body, house, signal: gone.signal, ...outlets(response) }
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
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`
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
