/**
 * The engine's process: llama.cpp and nothing else. No network, no keys, no settings; it reads one model file and
 * talks to its parent alone. It dies with its parent.
 */
import { startGeneration } from './generation.ts'
import { loadLlama } from './llama.ts'
import type { EngineConfig, FromEngine, ToEngine } from './messages.ts'
import type { Permission } from './permission.ts'

// A decode may be under way in another thread: only the kernel ends that at once.
const end = (): void => void process.kill(process.pid, 'SIGKILL')
process.on('disconnect', end)
// It may have ended while this file was still being read.
if (!process.connected) end()
// The terminal's Ctrl-C is for the daemon, which decides when the engine ends.
process.on('SIGINT', () => {})

const send = (message: FromEngine): void => {
  if (process.connected) process.send?.(message)
}

async function serve(config: EngineConfig): Promise<void> {
  const llama = await loadLlama(config)
  const jobs = new Map<number, Pick<Permission, 'more' | 'close'>>()
  process.on('message', (message: ToEngine) => {
    const { job } = message
    if (message.type === 'more') jobs.get(job)?.more()
    else if (message.type === 'close') jobs.get(job)?.close()
    else {
      const generation = startGeneration(llama, message, answer => {
        if (answer.type === 'closed') jobs.delete(job)
        send(answer)
      })
      jobs.set(job, generation)
    }
  })
  send({ type: 'ready', ...llama.facts })
}

serve(JSON.parse(process.argv[2] ?? '{}') as EngineConfig).catch((error: unknown) => {
  const message = (error instanceof Error ? error.message : String(error)).slice(0, 2_000)
  const fatal: FromEngine = { type: 'fatal', message }
  process.send?.(fatal, () => process.exit(1))
})
