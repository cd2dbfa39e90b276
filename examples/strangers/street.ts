import { type ChildProcess, execFileSync, spawn, spawnSync } from 'node:child_process'
import { readlinkSync } from 'node:fs'
import { setTimeout as pause } from 'node:timers/promises'
import { errorFromJson, HeddleError } from '@heddle/protocol'

/** Hosts of a street: each has a network namespace of its own, and a cable to a bridge. */

/** Where the street itself lies: the chain, and the people who ask. */
export const STREET = '10.77.0.254'
const BRIDGE = 'street'
const ENTERED = 'HEDDLE_STREET'
/** A network of its own, so that nothing of this machine is touched; everything in it ends with its first process. */
const UNSHARE = ['--user', '--map-root-user', '--net', '--mount', '--pid', '--fork', '--kill-child', '--mount-proc']

const ip = (...words: string[]): void => void execFileSync('ip', words, { stdio: ['ignore', 'ignore', 'inherit'] })

/**
 * Runs this program again inside a network that is its own, and ends with its exit code; gives back in there, with the
 * bridge laid. Throws `setting_invalid` where this machine has no namespaces.
 */
export function enterStreet(): void {
  if (process.env[ENTERED]) {
    ip('link', 'set', 'lo', 'up')
    ip('link', 'add', BRIDGE, 'type', 'bridge')
    ip('addr', 'add', `${STREET}/24`, 'dev', BRIDGE)
    ip('link', 'set', BRIDGE, 'up')
    return
  }
  if (spawnSync('unshare', [...UNSHARE, 'ip', 'link']).status !== 0)
    throw new HeddleError('setting_invalid', 'network namespaces are needed: Linux, with unshare and ip')
  const again = [process.execPath, ...process.execArgv, ...process.argv.slice(1)]
  const { status } = spawnSync('unshare', [...UNSHARE, ...again], {
    stdio: 'inherit',
    env: { ...process.env, [ENTERED]: '1' },
  })
  process.exit(status ?? 1)
}

export type Host = {
  readonly address: string
  /** Starts a daemon on this host; gives what it announces. */
  start(
    module: string,
    settings: unknown,
    secrets?: Record<string, string>,
  ): Promise<{ port: number; address?: string }>
  /** Pulls the cable and kills everything on it, all at once. */
  kill(): void
}

let hosts = 0

/** A new host, with nothing on it. */
export async function openHost(): Promise<Host> {
  hosts += 1
  const address = `10.77.0.${hosts}`
  const cable = `cable${hosts}`
  const holder = spawn('unshare', ['--net', 'sleep', 'infinity'], { stdio: 'ignore' })
  const network = `/proc/${holder.pid}/ns/net`
  const ours = readlinkSync('/proc/self/ns/net')
  while (readlinkSync(network) === ours) await pause(5)
  const inside = (...words: string[]): string[] => ['-t', String(holder.pid), '-n', ...words]
  const run = (...words: string[]): void => void execFileSync('nsenter', inside(...words), { stdio: 'inherit' })
  ip('link', 'add', cable, 'type', 'veth', 'peer', 'name', 'eth0', 'netns', String(holder.pid))
  ip('link', 'set', cable, 'master', BRIDGE)
  ip('link', 'set', cable, 'up')
  run('ip', 'addr', 'add', `${address}/24`, 'dev', 'eth0')
  run('ip', 'link', 'set', 'eth0', 'up')
  run('ip', 'link', 'set', 'lo', 'up')
  const running: ChildProcess[] = [holder]
  return {
    address,
    start(module, settings, secrets = {}) {
      const child = spawn('nsenter', inside(process.execPath, '--disable-warning=ExperimentalWarning', module), {
        env: { PATH: process.env['PATH'], ...secrets, HEDDLE_SETTINGS: JSON.stringify(settings) },
        stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
      })
      running.push(child)
      return new Promise((resolve, reject) => {
        child.on('message', (message: { ready?: boolean; error?: unknown; port: number; address?: string }) => {
          if (message.error) reject(errorFromJson(message.error))
          else if (message.ready) resolve(message)
        })
        child.once('exit', code => reject(new HeddleError('internal', `${module} ended with ${code}`)))
      })
    },
    kill() {
      ip('link', 'del', cable)
      for (const child of running) child.kill('SIGKILL')
    },
  }
}

/** A command without any network at all: what it knows, it holds. */
export const alone = (...command: string[]): [string, string[]] => ['unshare', ['--net', ...command]]
