/**
 * Runs a command while another program keeps every core busy, and ends as the command ends: what must hold on a fast and
 * empty machine has to hold on one that somebody works on.
 *
 *   node scripts/busy.ts npm test
 */
import { spawn } from 'node:child_process'
import { availableParallelism } from 'node:os'

const command = process.argv.slice(2)
if (command.length === 0) {
  console.error('node scripts/busy.ts COMMAND…')
  process.exit(2)
}

// Each ends by itself when this process does: its input is a pipe that closes.
const SPIN = `
process.stdin.on('end', () => process.exit()).resume()
const spin = () => { for (const end = Date.now() + 100; Date.now() < end; ); setImmediate(spin) }
spin()`
const others = Array.from({ length: availableParallelism() }, () =>
  spawn(process.execPath, ['-e', SPIN], { stdio: ['pipe', 'ignore', 'ignore'] }),
)
const child = spawn(command[0]!, command.slice(1), { stdio: 'inherit' })
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => child.kill(signal))
child.once('error', error => {
  console.error(error.message)
  finish(127)
})
child.once('exit', code => finish(code ?? 1))

function finish(code: number): void {
  for (const other of others) other.kill('SIGKILL')
  process.exit(code)
}
