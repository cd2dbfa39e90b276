import './surroundings.ts'

import { startable } from './clients/clients.ts'
import { runLine } from './command-line/run.ts'
import { tree } from './command-line/tree.ts'

endWithLauncher()
const [name, ...rest] = process.argv.slice(2)
const client = startable.find(one => one === name)
// A client's arguments are its own, --help too.
if (client) await import('./commands/client.ts').then(module => module.startClient(client, rest))
else await runLine(tree, process.argv.slice(2))

/** Whoever handed over to this process may be killed: this one ends then, as it would be told to. */
function endWithLauncher(): void {
  if (!process.env['HEDDLE_LAUNCHED'] || !process.channel) return
  delete process.env['HEDDLE_LAUNCHED']
  process.once('disconnect', () => process.kill(process.pid, 'SIGTERM'))
  process.channel.unref()
}
