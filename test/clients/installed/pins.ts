import { readFileSync } from 'node:fs'
import { join } from 'node:path'

/**
 * A client that does not come with `npm install`: exactly what is installed, from npm or from PyPI.
 *
 * `bin` is its program inside the folder of the installation, `{platform}` standing for e.g. `linux-x64`; a `.js` or
 * `.cjs` file runs under this Node. `quick`: small enough that a test fetches it by itself.
 */
export type Pin = {
  client: string
  version: string
  /** Packages of npm; what has none comes from PyPI, by `locks/NAME.txt`. */
  npm?: readonly string[]
  bin: string
  /** It is a program in the installation of another, by that one's name. */
  as?: string
  quick?: boolean
}

/** Every pin, by the name that tests and `node test/clients/installed/install.ts NAME` use. */
export const pins = JSON.parse(readFileSync(join(import.meta.dirname, 'pins.json'), 'utf8')) as Readonly<
  Record<string, Pin>
>

export function pinOf(name: string): Pin {
  const pin = pins[name]
  if (!pin) throw new Error(`no client is called "${name}": one of ${Object.keys(pins).join(', ')}`)
  return pin
}
