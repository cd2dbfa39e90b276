import { readdir, readFile, readlink } from 'node:fs/promises'

const LISTEN = '0A'

/**
 * A variable in the environment of the process of this machine that listens on a port, where Linux tells it to this user:
 * how an engine was started is not always how this program was.
 */
export async function variableOfListener(port: number, name: string): Promise<string | undefined> {
  const inodes = await inodesOf(port)
  if (inodes.size === 0) return undefined
  for (const pid of (await readdir('/proc').catch(() => [])).filter(one => /^\d+$/.test(one))) {
    if (!(await holds(pid, inodes))) continue
    const environment = await readFile(`/proc/${pid}/environ`, 'utf8').catch(() => '')
    const entry = environment.split('\0').find(one => one.startsWith(`${name}=`))
    if (entry) return entry.slice(name.length + 1) || undefined
  }
  return undefined
}

async function inodesOf(port: number): Promise<Set<string>> {
  const lists = await Promise.all(
    ['/proc/net/tcp', '/proc/net/tcp6'].map(file => readFile(file, 'utf8').catch(() => '')),
  )
  const lines = lists.flatMap(list => list.split('\n').slice(1)).map(line => line.trim().split(/\s+/))
  const hex = port.toString(16).toUpperCase().padStart(4, '0')
  return new Set(
    lines.filter(([, local, , state]) => state === LISTEN && local?.endsWith(`:${hex}`)).map(fields => fields[9] ?? ''),
  )
}

/** Whether a process has one of these sockets open; of another user's process that is not told. */
async function holds(pid: string, inodes: ReadonlySet<string>): Promise<boolean> {
  const files = await readdir(`/proc/${pid}/fd`).catch(() => [])
  for (const file of files) {
    const target = await readlink(`/proc/${pid}/fd/${file}`).catch(() => '')
    const inode = /^socket:\[(\d+)\]$/.exec(target)?.[1]
    if (inode && inodes.has(inode)) return true
  }
  return false
}
