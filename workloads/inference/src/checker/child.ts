/**
 * The reference's process: the pinned weights and nothing else. No network, no keys, no settings; it reads one model
 * file and talks to its parent alone. One look at a time. It dies with its parent.
 */
import { loadLlama } from '../engine/llama.ts'
import type { EngineConfig } from '../engine/messages.ts'
import { Refused } from '../engine/refused.ts'
import { lookAt } from './look.ts'
import type { FailureCode, FromReference, Look, ToReference } from './messages.ts'

// A decode may be under way in another thread: only the kernel ends that at once.
process.on('disconnect', () => process.kill(process.pid, 'SIGKILL'))
process.on('SIGINT', () => {})

const send = (message: FromReference): void => {
  if (process.connected) process.send?.(message)
}
const wordsOf = (error: unknown): string => (error instanceof Error ? error.message : String(error)).slice(0, 2_000)

async function serve(config: EngineConfig): Promise<void> {
  const llama = await loadLlama(config)
  const closed = new Set<number>()
  let turn: Promise<void> = Promise.resolve()
  const failed = (look: number, code: FailureCode, message: string) => send({ type: 'failed', look, code, message })

  async function answer(ask: Look): Promise<void> {
    const { look } = ask
    const isClosed = (): boolean => closed.has(look)
    const onStep = (): void => send({ type: 'working', look })
    try {
      const looked = isClosed() ? undefined : await lookAt(llama, ask, isClosed, onStep)
      if (looked) send(looked)
      else failed(look, 'closed', 'nobody waits')
    } catch (error) {
      failed(look, error instanceof Refused ? error.code : 'internal', wordsOf(error))
    } finally {
      closed.delete(look)
    }
  }

  process.on('message', (message: ToReference) => {
    if (message.type === 'close') closed.add(message.look)
    else turn = turn.then(() => answer(message))
  })
  send({ type: 'ready', ...llama.facts })
}

serve(JSON.parse(process.argv[2] ?? '{}') as EngineConfig).catch((error: unknown) => {
  const fatal: FromReference = { type: 'fatal', message: wordsOf(error) }
  process.send?.(fatal, () => process.exit(1))
})
