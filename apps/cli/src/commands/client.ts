import { spawn } from 'node:child_process'
import { constants } from 'node:os'
import { HeddleError } from '@heddle/protocol'
import { type Client, type ClientName, clients } from '../clients/clients.ts'
import { directToLoopback } from '../clients/direct.ts'
import { placeOf } from '../clients/place.ts'
import { report } from '../report.ts'

/**
 * Starts a client that asks this house, with all of its own arguments: `heddle claude -p hello`. It ends as the client
 * ends. Which house it is, HEDDLE_HOME says, where several run.
 */
export const startClient = (name: ClientName, args: readonly string[]): Promise<void> =>
  report({ json: false }, async () => {
    const client: Client = clients[name]
    const place = await placeOf({})
    const all = [...(client.flags?.(place) ?? []), ...args]
    process.exitCode = await run(client, all, { ...client.variables(place), ...directToLoopback(process.env) })
  })

function run({ program, from }: Client, args: readonly string[], variables: Record<string, string>): Promise<number> {
  const child = spawn(program!, args, { stdio: 'inherit', env: { ...process.env, ...variables } })
  // A terminal tells both; the client decides what it means.
  process.on('SIGINT', () => undefined)
  for (const signal of ['SIGTERM', 'SIGHUP'] as const) process.on(signal, () => child.kill(signal))
  return new Promise((resolve, reject) => {
    child.once('error', cause =>
      reject(new HeddleError('program_missing', `${program} is not on the path; it comes with: ${from}`, { cause })),
    )
    child.once('exit', (code, signal) => resolve(code ?? 128 + constants.signals[signal!]))
  })
}
