import { existsSync, mkdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { asStorageError } from '@heddle/daemon'
import { HeddleError } from '@heddle/protocol'

/**
 * Makes a home ready to be lived in: a folder of this user's own that can be written. Throws `home_unusable`, which says
 * why it is none, and `disk_full`.
 */
export function prepareHome(home: string): void {
  try {
    makeFolder(home)
    refuseForeign(home)
    tryWriting(join(home, `.probe-${process.pid}`))
  } catch (thrown) {
    throw asStorageError(thrown)
  }
}

/** Makes a folder and those above it. Node's own way tries for ever where there is none to be made, as below /proc. */
function makeFolder(path: string): void {
  if (existsSync(path)) {
    if (!statSync(path).isDirectory())
      throw new HeddleError('home_unusable', `${path}: it is a file, and should be a folder`)
    return
  }
  makeFolder(dirname(path))
  try {
    mkdirSync(path, { mode: 0o700 })
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException
    if (code === 'ENOENT') throw new HeddleError('home_unusable', `${path}: it cannot be made there`, { cause })
    if (code !== 'EEXIST' || !statSync(path, { throwIfNoEntry: false })?.isDirectory()) throw cause
  }
}

/** Some bytes: a full disk makes files, and has no place for what is in them. */
function tryWriting(probe: string): void {
  try {
    writeFileSync(probe, Buffer.alloc(4_096), { mode: 0o600, flush: true })
  } finally {
    rmSync(probe, { force: true })
  }
}

/** Keys in a folder that another user owns are that user's; only the superuser keeps house for others (in a container). */
function refuseForeign(home: string): void {
  const user = process.getuid?.()
  if (user === undefined || user === 0) return
  const { uid } = statSync(home)
  if (uid !== user) throw new HeddleError('home_unusable', `${home}: it belongs to another user (${uid}, not ${user})`)
}
