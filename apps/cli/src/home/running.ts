import { createHash } from 'node:crypto'
import { existsSync, globSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'

/** Where this user's programs keep what is true for the moment (XDG). One small file a running house. */
const stateFolder = (): string =>
  join(process.env['XDG_STATE_HOME'] || join(homedir(), '.local', 'state'), 'heddle', 'houses')

const fileOf = (home: string): string =>
  join(stateFolder(), createHash('sha256').update(home).digest('hex').slice(0, 16))

/** Leaves word of a house that runs, so that commands find it from anywhere. Where that cannot be, they need `--home`. */
export function tellRunning(home: string): void {
  try {
    mkdirSync(stateFolder(), { recursive: true, mode: 0o700 })
    writeFileSync(fileOf(home), `${home}\n`, { mode: 0o600 })
  } catch {
    // Nothing depends on it.
  }
}

export const tellStopped = (home: string): void => rmSync(fileOf(home), { force: true })

/** Homes of which somebody left word; whether a house runs there still is another question. */
export function toldHomes(): string[] {
  const folder = stateFolder()
  if (!existsSync(folder)) return []
  return globSync('*', { cwd: folder }).flatMap(name => toldIn(join(folder, name)))
}

/** The home in one such file; none where its house stops just now. One whose home is gone says nothing any more. */
function toldIn(file: string): string[] {
  try {
    const home = readFileSync(file, 'utf8').trim()
    if (existsSync(home)) return [home]
    rmSync(file, { force: true })
  } catch {
    // Its house has stopped, or it is somebody else's.
  }
  return []
}
