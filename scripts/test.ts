/**
 * Runs the tests, stage by stage, and ends with `N passed, N failed`, and how many were skipped: each says why.
 *
 *   npm test                 types, lint, unit and integration tests, contracts, three rounds of chaos
 *   npm test -- --long       the longer suites too: 100,000 invariant calls, fifty rounds of chaos, three strangers, examples,
 *                          packages, every program and library, whole houses, and what waits for others three times more under load
 *   npm test -- chain ledger only the test files whose path holds one of these words
 */
import { spawn } from 'node:child_process'
import { globSync } from 'node:fs'
import { cpus } from 'node:os'
import { join } from 'node:path'

type Count = { passed: number; failed: number; skipped?: number }
type Stage = {
  name: string
  command: readonly string[]
  env?: Record<string, string>
  count(output: string, code: number): Count
}

const root = join(import.meta.dirname, '..')
const node = process.execPath
const bin = (name: string): string => join(root, 'node_modules/.bin', name)

/** Sums every `ℹ pass N` that node's runner prints. */
const nodeCount = (output: string, code: number): Count => {
  const sum = (word: string): number =>
    [...output.matchAll(new RegExp(`^ℹ ${word} (\\d+)$`, 'gm'))].reduce(
      (total, [, digits]) => total + Number(digits),
      0,
    )
  const failed = sum('fail') + sum('cancelled')
  return { passed: sum('pass'), failed: failed === 0 && code !== 0 ? 1 : failed, skipped: sum('skipped') }
}
const forgeCount = (output: string, code: number): Count => {
  const [, passed = '0', failed = '0'] = /: (\d+) tests passed, (\d+) failed/.exec(output) ?? []
  return { passed: Number(passed), failed: Number(failed) || (code === 0 && Number(passed) > 0 ? 0 : 1) }
}
const plainCount = (output: string, code: number): Count => {
  const match = [...output.matchAll(/^(\d+) passed, (\d+) failed$/gm)].at(-1)
  if (!match) return exitCount(output, code)
  return { passed: Number(match[1]), failed: Number(match[2]) || (code === 0 ? 0 : 1) }
}
const exitCount = (_: string, code: number): Count => (code === 0 ? { passed: 1, failed: 0 } : { passed: 0, failed: 1 })

const nodeTest = (files: readonly string[], seeds: 'same' | 'new' = 'new'): readonly string[] => [
  node,
  // Properties draw the same cases in every `npm test`, and new ones in the long suites and in files run by name.
  ...(seeds === 'same' ? ['--import', './scripts/seeded.mjs'] : []),
  '--test',
  '--test-timeout=240000',
  `--test-concurrency=${Math.max(1, Math.min(2, cpus().length))}`,
  '--disable-warning=ExperimentalWarning',
  ...files,
]

/** What waits for others most: run three times more while another program keeps every core busy. */
const UNDER_LOAD = ['test/faults/', 'test/x402/', 'test/spine/', 'test/watcher/'] as const

/** What takes long and has a shorter story beside it: more programs and libraries, whole houses, kills, statistics. */
const LONG_ONLY: readonly RegExp[] = [
  /^test\/(packages|browser|engines)\//,
  /^test\/clients\/(default-model|aider|continue|opencode|qwen-code|open-webui|litellm|litellm-proxy)\./,
  /^test\/clients\/(langchain|langchain-python|llama-index|pydantic-ai|instructor|openai-agents|llm|ai-sdk-compatible|ai-sdk-openai|retries)\./,
  /^test\/clients\/(python|fetch|ollama)\./,
  /^test\/watcher\/(told-apart|house|crash|commands|claims|receipts|again)\./,
  /^test\/cli\/(stopped|owner|listen|two-houses|clients|engines|mcp|homes)\./,
  /^test\/faults\/set-back\./,
  /^workloads\/inference\/src\/checker\/conditions\./,
]

function stages(words: readonly string[], long: boolean): Stage[] {
  const all = globSync(
    [
      'packages/**/*.test.ts',
      'workloads/**/*.test.ts',
      'services/**/*.test.ts',
      'apps/**/*.test.ts',
      'test/**/*.test.ts',
      'examples/**/*.test.ts',
      'scripts/**/*.test.ts',
    ],
    {
      cwd: root,
      exclude: path => path.includes('node_modules') || path.includes('/dist/'),
    },
  ).sort()
  const longOnly = (file: string): boolean => LONG_ONLY.some(pattern => pattern.test(file))
  if (words.length > 0) {
    const files = all.filter(file => words.some(word => file.includes(word)))
    return [{ name: 'tests', command: nodeTest(files), count: nodeCount }]
  }
  const files = all.filter(file => !longOnly(file))
  const quick: Stage[] = [
    { name: 'types', command: [bin('tsc'), '--noEmit'], count: exitCount },
    { name: 'lint', command: [bin('biome'), 'check', '.'], count: exitCount },
    { name: 'tests', command: nodeTest(files, 'same'), count: nodeCount },
    { name: 'contracts', command: [node, 'contracts/bin/forge', 'test'], count: forgeCount },
    { name: 'chaos', command: [node, 'test/chaos/run.ts', long ? '50' : '3'], count: plainCount },
  ]
  if (!long) return quick
  const anxious = all.filter(file => UNDER_LOAD.some(folder => file.startsWith(folder)))
  const busy = [node, 'scripts/busy.ts', ...nodeTest(anxious)]
  return [
    ...quick,
    ...[1, 2, 3].map((round): Stage => ({ name: `under load, ${round} of 3`, command: busy, count: nodeCount })),
    { name: 'browser, packages, programs, whole houses', command: nodeTest(all.filter(longOnly)), count: nodeCount },
    { name: 'strangers', command: [node, 'examples/strangers/demo.ts'], count: exitCount },
    { name: 'examples', command: [node, 'scripts/examples.ts'], count: exitCount },
    {
      name: 'contracts, 100,000 invariant calls',
      command: [node, 'contracts/bin/forge', 'test', '--match-path', 'test/invariant/*'],
      env: { FOUNDRY_PROFILE: 'ci' },
      count: forgeCount,
    },
  ]
}

function run(stage: Stage): Promise<Count> {
  const started = Date.now()
  console.log(`\n── ${stage.name}`)
  return new Promise(resolve => {
    const child = spawn(stage.command[0]!, stage.command.slice(1), {
      cwd: root,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, ...stage.env, NO_COLOR: '1', FORCE_COLOR: '0' },
    })
    let output = ''
    const keep = (chunk: Buffer): void => {
      output += chunk.toString()
      process.stdout.write(chunk)
    }
    child.stdout.on('data', keep)
    child.stderr.on('data', keep)
    child.on('close', code => {
      const count = stage.count(output, code ?? 1)
      console.log(
        `── ${stage.name}: ${count.passed} passed, ${count.failed} failed, ${count.skipped ?? 0} skipped, ${((Date.now() - started) / 1000).toFixed(0)} s`,
      )
      resolve(count)
    })
  })
}

const words = process.argv.slice(2).filter(word => !word.startsWith('-'))
const total = { passed: 0, failed: 0, skipped: 0 }
for (const stage of stages(words, process.argv.includes('--long'))) {
  const count = await run(stage)
  total.passed += count.passed
  total.failed += count.failed
  total.skipped += count.skipped ?? 0
}
const skipped = total.skipped > 0 ? `, ${total.skipped} skipped` : ''
console.log(`\n${total.passed} passed, ${total.failed} failed${skipped}`)
process.exitCode = total.failed === 0 && total.passed > 0 ? 0 : 1
