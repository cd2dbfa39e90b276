/**
 * Changes one operator, constant or branch of money and trust code at a time, and runs the tests beside it: a change that no
 * test notices is a test that is missing. `node scripts/mutants.ts [--count N] [--seed N] [--contracts] [WORD…]`; WORDs choose
 * files by their path. Works in a copy; a chance sample that the same seed draws again. One line a survivor, then the sums.
 */
import { spawn } from 'node:child_process'
import {
  cpSync,
  globSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, dirname, join, relative } from 'node:path'
import { parseArgs } from 'node:util'

const root = join(import.meta.dirname, '..')
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { count: { type: 'string' }, seed: { type: 'string' }, contracts: { type: 'boolean' } },
})
const count = Number(values.count ?? 60)
/** Milliseconds for the tests of one mutant: one that hangs is noticed, too. Contracts have to be compiled first. */
const PATIENCE = values.contracts ? 600_000 : 240_000

/** MiB that any one process of the tests of a mutant may take. */
const MEMORY = 1_024

/** What is changed into what; each stands between spaces, so that no type and no arrow is meant. */
const SWAPS: readonly (readonly [RegExp, string])[] = [
  [/ < /g, ' <= '],
  [/ <= /g, ' < '],
  [/ > /g, ' >= '],
  [/ >= /g, ' > '],
  [/ === /g, ' !== '],
  [/ !== /g, ' === '],
  [/ == /g, ' != '],
  [/ != /g, ' == '],
  [/ && /g, ' || '],
  [/ \|\| /g, ' && '],
  [/ \+ /g, ' - '],
  [/ - /g, ' + '],
  [/\b0n\b/g, '1n'],
  [/\b1n\b/g, '2n'],
  [/\btrue\b/g, 'false'],
  [/\bfalse\b/g, 'true'],
  [/\bif \((?=[^)]*\) (?:return|throw|continue|revert))/g, 'if (!'],
]

type Mutant = { file: string; at: number; was: string; becomes: string }

/** Comments and texts are not code: what is blank here is not changed. */
function codeOf(text: string): string {
  return text.replace(/\/\*[\s\S]*?\*\/|\/\/[^\n]*|'(?:\\.|[^'\\\n])*'|"(?:\\.|[^"\\\n])*"|`(?:\\.|[^`\\])*`/g, found =>
    found.replace(/[^\n]/g, '\0'),
  )
}

function mutantsOf(file: string): Mutant[] {
  const code = codeOf(readFileSync(join(root, file), 'utf8'))
  return SWAPS.flatMap(([pattern, becomes]) =>
    [...code.matchAll(pattern)].map(found => ({ file, at: found.index, was: found[0], becomes })),
  ).filter(
    ({ at }) =>
      !/^\s*(import|export type|type|using|pragma)\b/.test(code.slice(code.lastIndexOf('\n', at) + 1, at + 1)),
  )
}

/** The same numbers for the same seed (mulberry32). */
function numbersFrom(seed: number): (below: number) => number {
  let state = seed
  return below => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296) * below)
  }
}

const sources = values.contracts
  ? globSync('contracts/src/{settlement,token,trust}/**/*.sol', { cwd: root }).filter(
      file => !file.includes('interfaces'),
    )
  : globSync('packages/{payments,ledger,protocol}/src/**/*.ts', { cwd: root }).filter(
      file => !/\.test\.ts$|testing|example\.ts$|fuzz\.ts$|mutate\.ts$|catalogue\.ts$|index\.ts$/.test(file),
    )
const chosen = sources.filter(file => positionals.length === 0 || positionals.some(word => file.includes(word))).sort()
const all = chosen.flatMap(mutantsOf)
const random = numbersFrom(Number(values.seed ?? 1))
const sample: Mutant[] = []
while (sample.length < count && all.length > 0) sample.push(...all.splice(random(all.length), 1))

/** A copy whose packages find each other, and everything else where it is installed. */
function copyHouse(): string {
  const copy = mkdtempSync(join(tmpdir(), 'heddle-mutants-'))
  const skipped = new Set(['node_modules', '.git', '.heddle'])
  for (const name of readdirSync(root)) {
    if (skipped.has(name)) continue
    cpSync(join(root, name), join(copy, name), { recursive: true, verbatimSymlinks: true })
  }
  mkdirSync(join(copy, 'node_modules/@heddle'), { recursive: true })
  for (const name of readdirSync(join(root, 'node_modules')))
    if (name !== '@heddle') symlinkSync(join(root, 'node_modules', name), join(copy, 'node_modules', name))
  for (const name of readdirSync(join(root, 'node_modules/@heddle'))) {
    const target = relative(root, realpathSync(join(root, 'node_modules/@heddle', name)))
    symlinkSync(join(copy, target), join(copy, 'node_modules/@heddle', name))
  }
  return copy
}

/** Folders whose tests are elsewhere, for they need a whole house. */
const ELSEWHERE: Readonly<Record<string, string>> = {
  'packages/payments/src/reconcile': 'test/gateway/local-first.test.ts',
}

/** The tests beside a file, or else those of the whole package. */
function testsOf(file: string): string[] {
  const elsewhere = ELSEWHERE[dirname(file)]
  if (elsewhere) return [elsewhere]
  const beside = globSync(`${dirname(file)}/*.test.ts`, { cwd: root })
  return beside.length > 0 ? beside : globSync(`${/^packages\/\w+\/src/.exec(file)![0]}/*.test.ts`, { cwd: root })
}

/** Whether the tests beside these files fail. */
async function isNoticed(copy: string, files: readonly string[]): Promise<boolean> {
  const stories = [...new Set(files.map(file => file.split('/')[2]))]
  const words = values.contracts
    ? [join(copy, 'contracts/bin/forge'), 'test', '--fail-fast', '--match-path', `test/{${stories.join(',')},none}/*`]
    : ['--test', '--disable-warning=ExperimentalWarning', ...new Set(files.flatMap(testsOf))]
  const cwd = values.contracts ? join(copy, 'contracts') : copy
  // A group of its own: what hangs is a process of the runner's.
  // What loops may do so with ever more memory, and this machine is not only its own.
  const env = { ...process.env, NODE_OPTIONS: `${process.env['NODE_OPTIONS'] ?? ''} --max-old-space-size=${MEMORY}` }
  const child = spawn(process.execPath, words, { cwd, env, stdio: 'ignore', detached: true })
  const kill = (): void => {
    try {
      process.kill(-child.pid!, 'SIGKILL')
    } catch {
      // All have ended.
    }
  }
  const timer = setTimeout(kill, PATIENCE)
  const code = await new Promise<number | null>(resolve => child.once('exit', resolve))
  clearTimeout(timer)
  kill()
  return code !== 0
}

const copy = copyHouse()
let survived = 0
try {
  const files = [...new Set(sample.map(({ file }) => file))]
  if (await isNoticed(copy, files)) throw new Error('the tests fail as the house is')
  for (const [i, mutant] of sample.entries()) {
    const { file, at, was, becomes } = mutant
    const path = join(copy, file)
    const text = readFileSync(path, 'utf8')
    writeFileSync(path, text.slice(0, at) + becomes + text.slice(at + was.length))
    const noticed = await isNoticed(copy, [file])
    writeFileSync(path, text)
    const line = text.slice(0, at).split('\n').length
    console.error(`${i + 1}/${sample.length} ${noticed ? 'noticed ' : 'SURVIVED'} ${file}:${line}`)
    if (noticed) continue
    survived += 1
    console.log(`${file}:${line}  ${was.trim()} → ${becomes.trim()}  ${text.split('\n')[line - 1]!.trim()}`)
  }
} finally {
  rmSync(copy, { recursive: true, force: true })
}
console.log(
  JSON.stringify({
    bench: basename(import.meta.filename, '.ts'),
    mutants: sample.length,
    of: all.length + sample.length,
    survived,
  }),
)
