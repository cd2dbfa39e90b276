import { execFile } from 'node:child_process'
import { existsSync, realpathSync } from 'node:fs'
import { dirname } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

const run = promisify(execFile)
const PROBE_MS = 5_000

/** What keeps the engine's process from the network, in words for a status page, and how to start it so. */
export type Isolation = {
  name: 'network namespace' | `none: ${string}`
  /** The command that runs `command` behind the wall; it sees `hidden` folders empty, except for `visible` files. */
  wrap(command: readonly string[], hidden: readonly string[], visible: readonly string[]): string[]
}

/**
 * Finds out what this machine allows, by trying it: bubblewrap (no network, no other processes, files read-only,
 * sockets hidden), else a bare network namespace, else nothing, with the reason.
 */
export async function probeIsolation(): Promise<Isolation> {
  if (process.platform !== 'linux') return none(`${process.platform} has no network namespaces`)
  const walls = [bubblewrap, unshare]
  let reason = ''
  for (const wrap of walls) {
    const [file, ...rest] = wrap(['true'], [], []) as [string, ...string[]]
    try {
      await run(file, rest, { timeout: PROBE_MS, env: { PATH: process.env['PATH'] ?? '' } })
      return { name: 'network namespace', wrap }
    } catch (error) {
      const { stderr, message } = error as { stderr?: string; message: string }
      reason = (stderr?.trim() || message).split('\n')[0]!.slice(0, 120)
    }
  }
  return none(reason)
}

const none = (reason: string): Isolation => ({ name: `none: ${reason}`, wrap: command => [...command] })

const unshare: Isolation['wrap'] = command => ['unshare', '--net', '--map-root-user', ...command]

// Sockets of other daemons live here, and a read-only mount does not stop a connect.
const SOCKET_FOLDERS = ['/tmp', '/run']

const bubblewrap: Isolation['wrap'] = (command, hidden, visible) => [
  'bwrap',
  ...['--unshare-net', '--unshare-pid', '--unshare-ipc', '--die-with-parent', '--cap-drop', 'ALL'],
  ...['--ro-bind', '/', '/', '--dev', '/dev', '--proc', '/proc'],
  ...existing(SOCKET_FOLDERS).flatMap(folder => ['--tmpfs', folder]),
  ...codeFolders().flatMap(folder => ['--ro-bind', folder, folder]),
  ...existing(hidden).flatMap(folder => ['--tmpfs', folder]),
  ...within(visible, [...SOCKET_FOLDERS, ...hidden]).flatMap(file => ['--ro-bind', file, file]),
  '--',
  ...command,
]

/** Where Node and this code lie, as far as a socket folder covers them. */
function codeFolders(): string[] {
  const library = fileURLToPath(import.meta.resolve('node-llama-cpp'))
  const modules = library.slice(0, library.lastIndexOf('/node_modules/') + '/node_modules'.length)
  const packages = [import.meta.url, import.meta.resolve('@heddle/protocol/errors')]
  const ours = packages.map(url => fileURLToPath(new URL('../..', url)).replace(/\/$/, ''))
  return within([dirname(process.execPath), modules, ...ours], SOCKET_FOLDERS)
}

/** A mount needs a real folder to lie on. */
const existing = (folders: readonly string[]): string[] =>
  folders.filter(folder => existsSync(folder)).map(folder => realpathSync(folder))

/** The paths that lie inside covered folders, and so have to be uncovered again. */
const within = (paths: readonly string[], covered: readonly string[]): string[] =>
  paths.filter(path => existing(covered).some(folder => path.startsWith(`${folder}/`)))
