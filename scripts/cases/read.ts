import { globSync, readFileSync } from 'node:fs'
import { basename, join } from 'node:path'

/** One handed case, and what its head says that it needs. */
export type Case = Readonly<{
  file: string
  /** The name without its ending, e.g. `03-schema-order`. */
  name: string
  head: string
  /** A case in this language is put into a folder of the clone and run there. */
  placed?: { folder: string }
  /** `with-engine.sh KIND`: it wants a house before a fake engine of that kind. */
  fake?: string
  /** It starts what it needs by itself, from the clone in HEDDLE_DIR. */
  startsItself: boolean
  /** It wants `npm start` to run in the clone. */
  wantsStart: boolean
  /** The terms of the key that it wants, as `heddle keys add` takes them. */
  keyTerms: readonly string[]
}>

/** Lines of a head that are looked at. */
const HEAD = 14

/** The cases of a folder, in order: scripts, and tests that say where they are to be put. */
export function readCases(folder: string, words: readonly string[]): Case[] {
  return globSync('*.{sh,py,mjs,test.ts,t.sol}', { cwd: folder })
    .sort()
    .map(file => readCase(join(folder, file)))
    .filter(({ name, placed }) => placed || /^(cl-)?\d/.test(name))
    .filter(({ name }) => words.length === 0 || words.some(word => name.includes(word)))
}

function readCase(file: string): Case {
  const head = readFileSync(file, 'utf8').split('\n').slice(0, HEAD).join('\n')
  const place = /Put into (\S+?\/) /.exec(head)?.[1]
  const fake = /^# with-engine\.sh ([a-z-]+)/m.exec(head)?.[1]
  return {
    file,
    name: basename(file).replace(/\.(sh|py|mjs|test\.ts|t\.sol)$/, ''),
    head,
    ...(place && /\.(ts|sol)$/.test(file) ? { placed: { folder: place } } : {}),
    ...(fake ? { fake } : {}),
    startsItself: /HEDDLE_DIR: the clone/.test(head),
    wantsStart: /npm start running in it/.test(head),
    keyTerms: /KEY: one made with ((?:--[a-z-]+ \S+ ?)+)/.exec(head)?.[1]?.trim().replace(/\.$/, '').split(' ') ?? [],
  }
}
