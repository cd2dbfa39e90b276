/**
 * Runs the cases that were handed over in a folder, each with what it needs, and ends with `N passed, N failed`.
 *
 *   npm run test:cases -- DIR             all of them
 *   npm run test:cases -- DIR 03 schema   those whose name holds one of these words
 *
 * A case is a script that ends with 0 when all is right, or a test for Foundry or Node that says where it is to be put.
 * It is started with BASE and KEY of a house of two providers of the default model, or with what its head asks for: a fake
 * engine (`with-engine.sh KIND` beside it), the clone (HEDDLE_DIR), a key with terms, `npm start`. What needs an engine
 * that is not here is counted as skipped, with the reason. HEDDLE_TEST_OLLAMA_URL, HEDDLE_TEST_OPENAI_URL and
 * HEDDLE_TEST_PYTHON say where real ones are.
 */
import { cpSync, existsSync, mkdirSync, rmdirSync, rmSync } from 'node:fs'
import { basename, dirname, join, resolve } from 'node:path'
import { recipes } from './cases/engines.ts'
import { Houses } from './cases/houses.ts'
import { freePair, type Ran, run } from './cases/process.ts'
import { type Case, readCases } from './cases/read.ts'

const clone = join(import.meta.dirname, '..')
const [folder, ...words] = process.argv.slice(2)
if (!folder || !existsSync(folder)) {
  console.error('npm run test:cases -- DIR [WORD…]: say where the cases are')
  process.exit(2)
}

/** Puts a test where it belongs, runs it there, and takes it away again. */
async function runPlaced({ file }: Case, place: string): Promise<Ran> {
  const target = join(clone, place, basename(file))
  const isNew = !existsSync(dirname(target))
  if (existsSync(target)) return { code: 1, output: `${target} is there already` }
  mkdirSync(dirname(target), { recursive: true })
  cpSync(file, target)
  try {
    if (file.endsWith('.ts'))
      return await run([process.execPath, '--test', '--disable-warning=ExperimentalWarning', target], { cwd: clone })
    const match = ['--match-path', join('test', place.split('test/')[1] ?? '', basename(file))]
    const forge = [process.execPath, 'bin/forge', 'test', ...match, '--gas-limit', '100000000000']
    return await run(forge, { cwd: join(clone, 'contracts'), milliseconds: 900_000 })
  } finally {
    rmSync(target)
    if (isNew) rmdirSync(dirname(target))
  }
}

async function runCase(one: Case, houses: Houses): Promise<Ran | string> {
  if (one.placed) return runPlaced(one, one.placed.folder)
  const recipe = Object.entries(recipes).find(([start]) => one.name.startsWith(start))?.[1]
  if (recipe) return recipe(one, houses, clone)
  const env = { HEDDLE_DIR: clone, HEDDLE_HOME: undefined }
  const beside = join(dirname(one.file), 'with-engine.sh')
  if (one.fake) return run(['bash', beside, one.fake, one.file], { env: { ...env, PORT: String(await freePair()) } })
  if (one.wantsStart) await houses.usually()
  if (one.startsItself) return run(['bash', one.file], { env })
  const house = await houses.ordinary()
  const key = one.keyTerms.length > 0 ? await houses.key(house, one.keyTerms) : house.key
  const program = one.file.endsWith('.py') ? 'python3' : one.file.endsWith('.mjs') ? process.execPath : 'bash'
  return run([program, one.file], { env: { ...env, BASE: house.url, KEY: key } })
}

const houses = new Houses(clone)
const told = { passed: 0, failed: 0, skipped: 0 }
try {
  for (const one of readCases(resolve(folder), words)) {
    const result = await runCase(one, houses).catch((error: Error) => ({ code: 1, output: error.message }))
    if (typeof result === 'string') {
      told.skipped += 1
      console.log(`${one.name}: skipped, ${result}`)
    } else if (result.code === 0) {
      told.passed += 1
      console.log(`${one.name}: ok`)
    } else {
      told.failed += 1
      console.log(`${one.name}: failed (${result.code})\n    ${result.output.split('\n').slice(-12).join('\n    ')}`)
    }
  }
} finally {
  await houses.stop()
}
if (told.skipped > 0) console.log(`${told.skipped} skipped`)
console.log(`${told.passed} passed, ${told.failed} failed`)
process.exitCode = told.failed === 0 && told.passed > 0 ? 0 : 1
