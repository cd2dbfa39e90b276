import assert from 'node:assert/strict'
import { once } from 'node:events'
import { connect } from 'node:net'
import type { TestContext } from 'node:test'
import { createEngine, type EngineSettings } from '@heddle/inference/engines'
import type { EngineKind } from '../../workloads/inference/src/engines/settings.ts'
import { type EngineScript, startRecordingEngine } from '../../workloads/inference/src/testing/recording-engine.ts'
import { API_KEY, startGatewayStage } from '../faults/gateway-stage.ts'
import { scriptedTrade } from '../faults/scripted-worker.ts'
import { startStage } from '../faults/stage.ts'

/** The model that the recording engine has, by the name that everybody uses. */
export const MODEL = 'toy:1b'

/** Everything that an adapter may ever ask an engine for. Any other path is an attack that came through. */
const ASKED: Readonly<Record<EngineKind, readonly string[]>> = {
  ollama: [
    ...['/api/version', '/api/tags', '/api/show', '/api/ps', '/api/status'],
    ...['/api/chat', '/api/generate', '/api/embed'],
  ],
  'llama-server': ['/props', '/tools', '/v1/models', '/tokenize', '/apply-template', '/v1/chat/completions'],
  vllm: ['/version', '/v1/models', '/tokenize', '/v1/chat/completions', '/v1/completions', '/v1/embeddings'],
  openai: ['/v1/models', '/v1/chat/completions'],
}

/** A log that keeps its lines. */
export function keptLog() {
  const lines: { event: string; fields: Record<string, unknown> }[] = []
  const keep = (event: string, fields: Record<string, unknown> = {}): void => void lines.push({ event, fields })
  return { lines, info: keep, warn: keep, error: keep }
}

/** A gateway, a provider and a chain, all real, in front of an engine that records every byte it is sent. */
export async function startGuardStage(
  t: TestContext,
  kind: EngineKind = 'ollama',
  script: Partial<EngineScript> = {},
  settings: Partial<EngineSettings> = {},
) {
  const engine = await startRecordingEngine(kind, script)
  const log = keptLog()
  const worker = await createEngine({ kind, url: engine.url, weights: '/nowhere', log, ...settings })
  const stage = await startStage(t, { script: { tokens: 0 }, trades: [scriptedTrade(worker as never)] })
  const gateway = await startGatewayStage(t, [stage])
  t.after(() => engine.stop().catch(() => undefined))

  /** Asks what must work. */
  async function ask(over: Record<string, unknown> = {}) {
    const body = { model: MODEL, messages: [{ role: 'user', content: 'weave' }], max_tokens: 16, ...over }
    return gateway.ask(body)
  }
  /** Sends an attack to both fronts, as bytes or as a request, and gives what they answered. */
  async function attack(bytes: string | Buffer): Promise<string[]> {
    return Promise.all([stage.url, gateway.url].map(url => raw(Number(new URL(url).port), bytes)))
  }
  /**
   * That nothing of the attack reached the engine, that the engine was asked for nothing but what adapters ask, that a
   * good question is still answered, and that both sides' books agree about what was paid.
   */
  async function held(...markers: string[]): Promise<void> {
    const received = engine.received()
    for (const marker of markers) assert.ok(!received.includes(marker), `the engine received ${marker}`)
    for (const { path } of engine.requests) assert.ok(ASKED[kind].includes(path), `the engine was asked for ${path}`)
    const before = engine.questions().length
    const good = await ask()
    assert.equal(good.status, 200, await good.clone().text())
    assert.equal(engine.questions().length, before + 1, 'a good question does reach the engine')
    await agreed()
  }
  async function agreed(): Promise<void> {
    const [theirs, ours] = await Promise.all([stage.ledger.read('receipts'), gateway.ledger.read('receipts')])
    const ids = (rows: typeof theirs) => rows.map(row => row.id).sort()
    assert.deepEqual(ids(ours), ids(theirs))
    const charged = theirs.reduce((sum, row) => sum + row.charge, 0n)
    const channels = await stage.ledger.read('channels')
    assert.equal(
      channels.reduce((sum, row) => sum + row.charged, 0n),
      charged,
    )
  }
  return { engine, worker, stage, gateway, log, ask, attack, held, agreed }
}

export type GuardStage = Awaited<ReturnType<typeof startGuardStage>>

/** Bytes as they are, and all that came back before the connection ended. */
export async function raw(port: number, bytes: string | Buffer): Promise<string> {
  const socket = connect(port, '127.0.0.1')
  let answer = ''
  socket.setEncoding('utf8').on('data', piece => {
    answer += piece
  })
  socket.on('error', () => undefined)
  socket.setTimeout(1_000, () => socket.end())
  socket.write(bytes)
  await once(socket, 'close')
  return answer
}

/** An HTTP/1.1 request as bytes, with the key that opens the doors. */
export function request(method: string, target: string, body: unknown = '', headers: Record<string, string> = {}) {
  const text = typeof body === 'string' ? body : JSON.stringify(body)
  const all = {
    host: '127.0.0.1',
    authorization: `Bearer ${API_KEY}`,
    'content-length': String(Buffer.byteLength(text)),
    connection: 'close',
    ...headers,
  }
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}\r\n`)
  return `${method} ${target} HTTP/1.1\r\n${lines.join('')}\r\n${text}`
}

export const statusOf = (answer: string): number => Number(/^HTTP\/1\.1 (\d{3})/.exec(answer)?.[1])
