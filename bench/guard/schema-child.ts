import { getLlama, LlamaLogLevel } from 'node-llama-cpp'
import { startRules } from '../../workloads/inference/src/engine/grammar/rules.ts'
import { schemaRule } from '../../workloads/inference/src/engine/grammar/schema.ts'
import { Refused } from '../../workloads/inference/src/engine/refused.ts'
import { randomFrom } from './mutate.ts'
import { nextSchema } from './schemas.ts'

/**
 * Reads schemas, and lets llama.cpp parse and follow their grammars: in a process of its own, for that may die of one.
 * Arguments: the seed, how many to pass over, how many to try. A line a schema that broke something, and one of counts.
 */
const [seed, from, to] = process.argv.slice(2).map(Number) as [number, number, number]
const random = randomFrom(seed)
const llama = await getLlama({
  gpu: false,
  build: 'never',
  maxThreads: 1,
  logLevel: LlamaLogLevel.disabled,
  progressLogs: false,
})
const TEXTS = ['{"a":1,"b":[null,"x"]}', '["aaaa",1.5]', '"aaaa-1234 \\n"', '-1.25', '{"1":{"a":""}}']

let held = 0
let slowest = 0
for (let i = 0; i < to; i++) {
  const text = nextSchema(random)
  if (i < from) continue
  // Says where it is before it begins: whoever waits knows which schema it was, if this process dies.
  if (i % 50 === 0) process.stdout.write(`${JSON.stringify({ at: i })}\n`)
  const before = process.cpuUsage()
  try {
    const rules = startRules()
    const body = schemaRule(JSON.parse(text), 'format.schema', 'refuse', rules)
    const grammar = await llama.createGrammar({ grammar: rules.text(body) })
    const { _testText } = grammar as unknown as { _testText(text: string): boolean }
    for (const one of TEXTS) _testText.call(grammar, one)
    held++
  } catch (error) {
    if (!(error instanceof Refused))
      process.stdout.write(`${JSON.stringify({ broke: String(error), i, text: text.slice(0, 2_000) })}\n`)
  }
  const { user, system } = process.cpuUsage(before)
  const seconds = (user + system) / 1e6
  slowest = Math.max(slowest, seconds)
  if (seconds > 1)
    process.stdout.write(`${JSON.stringify({ broke: `took ${seconds} s`, i, text: text.slice(0, 2_000) })}\n`)
}
process.stdout.write(`${JSON.stringify({ held, slowest })}\n`)
