import assert from 'node:assert/strict'
import { test } from 'node:test'
import { isHeddleError } from '@heddle/protocol'
import { assertStrict } from '../engine/calls.ts'
import { formatGrammar } from '../engine/grammars.ts'
import { Refused } from '../engine/refused.ts'
import { type Budget, QUESTION_STEPS, startBudget, TOOL_STEPS } from '../schema/budget.ts'
import type { ChatSpec, Tool } from '../spec.ts'
import { chat } from '../testing/engine-worker.ts'
import { openAiBody } from './rebuild-openai.ts'
import { startSchemas } from './schemas.ts'

/** A question's budget that says what was asked of it. */
function counted() {
  const whole = startBudget()
  let steps = 0
  const budget: Budget = {
    spend(amount) {
      steps += amount
      whole.spend(amount)
    },
    part: most => startBudget(most, budget),
  }
  return { budget, steps: () => steps }
}

/** Each costs about all that one question may: a machine of thousands of states, made for each value. */
const worst = (i: number): string =>
  JSON.stringify({
    type: 'object',
    properties: { [`a${i}`]: { type: 'string', pattern: '^(a|b)*a(a|b){11}$', enum: ['a', 'b'] } },
  })
const plain = JSON.stringify({ type: 'object', properties: { at: { type: 'string' } } })
const toolsOf = (parameters: (i: number) => string, over: Partial<Tool> = {}): Tool[] =>
  Array.from({ length: 512 }, (_, i) => ({ name: `t${i}`, parameters: parameters(i), ...over }))
const specOf = (tools: Tool[]) => chat({ tools }) as ChatSpec
const parametersIn = (body: Record<string, unknown>) =>
  (body['tools'] as { function: { parameters: unknown } }[]).map(one => JSON.stringify(one.function.parameters))

test('however many tools somebody sends, and however bad, a question costs one budget', () => {
  const { budget, steps } = counted()
  const body = openAiBody(specOf(toolsOf(worst)), 'm', 1, { more: () => ({}) }, { schemas: startSchemas(budget) })
  // Each looks once whether there is anything left.
  assert.ok(steps() <= QUESTION_STEPS + 512 * 50, `${steps()} steps`)
  assert.equal(parametersIn(body).length, 512)
  assert.equal(parametersIn(body).at(-1), '{"type":"object","properties":{}}')
})

test('one bad tool does not leave the others without words', () => {
  const { budget, steps } = counted()
  const [first, second] = toolsOf(i => (i === 0 ? worst(0) : plain))
  const schemas = startSchemas(budget)
  schemas.parameters(first!, 0)
  assert.ok(steps() <= TOOL_STEPS + 50)
  assert.match(JSON.stringify(schemas.parameters(second!, 1)), /"at"/)
})

test('tools that take the same are read once', () => {
  const one = counted()
  startSchemas(one.budget).parameters({ name: 't', parameters: plain }, 0)
  const all = counted()
  const body = openAiBody(
    specOf(toolsOf(() => plain)),
    'm',
    1,
    { more: () => ({}) },
    { schemas: startSchemas(all.budget) },
  )
  assert.equal(all.steps(), one.steps())
  assert.ok(parametersIn(body).every(text => text.includes('"at"')))
  const strict = counted()
  assertStrict(
    toolsOf(() => plain, { strict: true }),
    strict.budget,
  )
  const alone = counted()
  assertStrict([{ name: 't', parameters: plain, strict: true }], alone.budget)
  assert.equal(strict.steps(), alone.steps())
})

test('a strict tool for which nothing is left is refused by name, whatever engine it was for', () => {
  const { budget } = counted()
  const schemas = startSchemas(budget)
  const tools = toolsOf(worst)
  for (const [i, tool] of tools.entries()) schemas.parameters(tool, i)
  assert.throws(
    () => schemas.parameters({ name: 'last', parameters: plain, strict: true }, 512),
    error => isHeddleError(error, 'unsupported_field') && error.message.includes('tools.512.parameters'),
  )
  const built = counted()
  assert.throws(
    () => assertStrict(toolsOf(worst, { strict: true }), built.budget),
    error => error instanceof Refused && error.code === 'unsupported_field',
  )
  assert.ok(built.steps() <= QUESTION_STEPS + 50)
})

test('the form of an answer and the tools beside it are paid from the same budget', () => {
  const { budget, steps } = counted()
  const schema = JSON.stringify({ type: 'string', pattern: '^(a|b)*a(a|b){8}$' })
  formatGrammar({ format: { type: 'schema', schema } }, { budget })
  const before = steps()
  assert.ok(before > 0)
  assertStrict([{ name: 't', parameters: plain, strict: true }], budget)
  assert.ok(steps() > before)
})
