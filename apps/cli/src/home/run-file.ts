import { randomBytes } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { asStorageError } from '@heddle/daemon'
import { HeddleError } from '@heddle/protocol'

/** HEDDLE_HOME/run.json: what runs now, where, as which process. */
export type RunFile = {
  pid: number
  adminToken: string
  chain: { url: string; chainId: number; asset: string; pid: number | null }
  /** `url` is for this machine; `publicUrl` what others call it, where that is another. */
  gateway: { url: string; publicUrl?: string; port: number; pid: number | null }
  /** Own engines that run by themselves, where they are. */
  engines?: readonly { kind: string; url: string }[]
  providers: { name: string; own: boolean; url: string; port: number; address: string; pid: number | null }[]
}

const runPath = (home: string): string => join(home, 'run.json')

export function writeRunFile(home: string, run: RunFile): void {
  writeFileSync(`${runPath(home)}.new`, JSON.stringify(run, null, 2), { mode: 0o600 })
  renameSync(`${runPath(home)}.new`, runPath(home))
}

export const removeRunFile = (home: string): void => rmSync(runPath(home), { force: true })

/** What was written at the last start, whether it still runs or not. A file that is none was written by nobody. */
export const lastRun = (home: string): RunFile | undefined => readJson<RunFile>(runPath(home))

function readJson<T>(file: string): T | undefined {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as T
  } catch (thrown) {
    if (thrown instanceof SyntaxError || ['ENOENT', 'ENOTDIR'].includes((thrown as NodeJS.ErrnoException).code ?? ''))
      return undefined
    throw asStorageError(thrown)
  }
}

/** The chain that a home is on. */
type HomeChain = Pick<RunFile['chain'], 'url' | 'chainId' | 'asset'>

/** Keeps in mind which chain this home is on, for a start while it does not answer. */
export function rememberChain(home: string, chain: HomeChain): void {
  writeFileSync(join(home, 'chain.json'), JSON.stringify(chain), { mode: 0o600 })
}

export const rememberedChain = (home: string): HomeChain | undefined => readJson<HomeChain>(join(home, 'chain.json'))

export function isAlive(pid: number | null | undefined): boolean {
  if (!pid) return false
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}

/** A secret that this home keeps in a file of its own, made at first use. */
export function secretFile(home: string, name: string, make: () => string): string {
  const file = join(home, name)
  const kept = existsSync(file) ? readFileSync(file, 'utf8').trim() : ''
  if (kept !== '') return kept
  mkdirSync(home, { recursive: true, mode: 0o700 })
  const secret = make()
  writeFileSync(file, `${secret}\n`, { mode: 0o600, flush: true })
  return secret
}

/**
 * The first key of a house: what HEDDLE_API_KEY says, or what its home keeps. Makes nothing, so it may be asked by who only
 * looks. Throws `key_missing` where the house was started with a key of the environment that is not in this one.
 */
export function firstKey(home: string): string {
  const file = join(home, 'api-key')
  const key = process.env['HEDDLE_API_KEY'] || (existsSync(file) ? readFileSync(file, 'utf8').trim() : '')
  if (key !== '') return key
  throw new HeddleError(
    'key_missing',
    `${home} keeps no key: its house was started with HEDDLE_API_KEY; set it here too`,
  )
}

export const randomSecret = (): string => randomBytes(24).toString('base64url')

/** The ledgers of a home, by who keeps them. */
export const ledgerFile = (home: string, daemon: string): string => join(home, daemon, 'ledger.db')
