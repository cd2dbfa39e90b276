import { createHash } from 'node:crypto'
import { existsSync, lstatSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/**
 * What is installed in a clone. The mark in node_modules says `installing` from before npm begins, and `whole` with the
 * digest of the lock once it has ended well and everything is there: a tree that somebody stopped in the middle looks
 * whole to npm itself.
 */
export class Tree {
  constructor(root) {
    this.root = root
    this.folder = join(root, 'node_modules')
    this.mark = join(this.folder, '.heddle-install')
    this.file = join(root, 'package-lock.json')
    this.#read()
  }

  #digest
  #packages

  #read() {
    const lock = readFileSync(this.file)
    this.#digest = createHash('sha256').update(lock).digest('hex')
    this.#packages = needed(JSON.parse(lock.toString('utf8')))
  }

  /** `whole`; `old`: to be built upon, as where the lock is another one, or nothing is there; `half`: not even that. */
  state() {
    const said = existsSync(this.mark) ? readFileSync(this.mark, 'utf8').trim() : undefined
    if (said === 'installing') return 'half'
    const isMine = said === `whole ${this.#digest}`
    const list = join(this.folder, '.package-lock.json')
    const byHand = existsSync(list) && statSync(list).mtimeMs >= statSync(this.file).mtimeMs
    if ((isMine || byHand) && this.missing().length === 0) {
      if (!isMine) this.#tryMarking()
      return 'whole'
    }
    if (isMine) return 'half'
    if (said !== undefined) return 'old'
    // Without a mark npm was started by hand: it writes its list at the end, and sometimes of a tree that is none.
    const isEmpty = !existsSync(this.folder) || readdirSync(this.folder).length === 0
    return byHand || (!isEmpty && !existsSync(list)) ? 'half' : 'old'
  }

  /** A tree that is whole needs no mark to be used, as where nothing can be written. */
  #tryMarking() {
    try {
      this.finish()
    } catch (error) {
      if (!['EACCES', 'EROFS', 'EPERM'].includes(error.code)) throw error
    }
  }

  /** Says that what is there is half, from now on. */
  begin({ anew }) {
    if (anew) this.empty()
    mkdirSync(this.folder, { recursive: true })
    writeFileSync(this.mark, 'installing\n', { flush: true })
  }

  /** Takes out everything but the mark, which is the last to go: a stop in here is seen as well. */
  empty() {
    mkdirSync(this.folder, { recursive: true })
    writeFileSync(this.mark, 'installing\n', { flush: true })
    for (const name of readdirSync(this.folder))
      if (join(this.folder, name) !== this.mark)
        rmSync(join(this.folder, name), { recursive: true, force: true, maxRetries: 5 })
  }

  /** Says that it is whole: for the lock as it is now, which npm may have written anew. */
  finish() {
    this.#read()
    writeFileSync(this.mark, `whole ${this.#digest}\n`, { flush: true })
  }

  /** The places of packages that should be there and are not. */
  missing() {
    return [...this.#packages].filter(([place, version]) => !isThere(join(this.root, place), version)).map(([at]) => at)
  }

  /** How far it is, in words. */
  count() {
    const all = this.#packages.size
    return `${all - this.missing().length} of ${all} packages`
  }
}

/** What every platform has to have, by place; the version where it is no link. */
function needed({ packages }) {
  const places = Object.entries(packages).filter(
    ([place, one]) =>
      place.includes('node_modules/') &&
      !one.optional &&
      !one.devOptional &&
      !one.peer &&
      !one.inBundle &&
      !one.extraneous,
  )
  return new Map(places.map(([place, one]) => [place, one.link ? undefined : one.version]))
}

function isThere(place, version) {
  try {
    if (version === undefined) return lstatSync(place) !== undefined
    const file = join(place, 'package.json')
    if (JSON.parse(readFileSync(file, 'utf8')).version !== version) return false
    // The Node that everything else runs under is fetched by a script of its package, after that is unpacked.
    return !place.endsWith('node_modules/node') || existsSync(join(place, 'bin', NODE))
  } catch {
    return false
  }
}

const NODE = process.platform === 'win32' ? 'node.exe' : 'node'
