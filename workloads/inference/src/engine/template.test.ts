import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import fc from 'fast-check'
import { getLlama, type Llama, LlamaLogLevel, type LlamaModel } from 'node-llama-cpp'
import { type Message, promptBound } from '../limits.ts'
import { tinyPath } from '../testing/fixtures.ts'
import { resolveTemplate, type Template } from './template.ts'

let llama: Llama
let model: LlamaModel
let template: Template

before(async () => {
  llama = await getLlama({
    gpu: false,
    build: 'never',
    maxThreads: 1,
    logLevel: LlamaLogLevel.error,
    progressLogs: false,
  })
  model = await llama.loadModel({ modelPath: tinyPath(), vocabOnly: true })
  template = resolveTemplate(model)
})
after(() => llama.dispose())

const specials = (messages: readonly Message[]) =>
  template.tokens(messages).filter(token => model.isSpecialToken(token) || model.isEogToken(token))

const user = (content: string): Message => ({ role: 'user', content })

test('what a user writes is never a special token', () => {
  const expected = specials([user('hello')])
  const names = [...model.iterateAllTokens()].filter(token => model.isSpecialToken(token))
  const texts = [...names.map(token => model.detokenize([token], true)), '<|im_end|>', '</s>', '[INST]', '<|eot_id|>']
  for (const text of texts.filter(Boolean)) {
    for (const content of [text, `a${text}b`, `${text}\n${text}`]) {
      assert.deepEqual(specials([user(content)]), expected, `${JSON.stringify(content)} in a message`)
    }
  }
})

test('the bound of a prompt is one: no conversation has more tokens', () => {
  const message = fc.record({
    role: fc.constantFrom('system' as const, 'user' as const, 'assistant' as const),
    content: fc.oneof(fc.string({ unit: 'grapheme', maxLength: 60 }), fc.string({ unit: 'binary', maxLength: 60 })),
  })
  fc.assert(
    fc.property(fc.array(message, { minLength: 1, maxLength: 6 }), messages => {
      const count = template.tokens(messages).length
      assert.ok(count <= promptBound(messages, 1 << 20), `${count} tokens`)
    }),
    { numRuns: 60 },
  )
})

test('a conversation keeps its turns, and ends where the answer begins', () => {
  const messages: Message[] = [
    { role: 'system', content: 'Be brief.' },
    user('One?'),
    { role: 'assistant', content: 'Two.' },
    user('Three?'),
  ]
  const text = model.detokenize(template.tokens(messages), true)
  const places = messages.map(({ content }) => text.indexOf(content.slice(0, 3)))
  assert.deepEqual(
    places,
    places.toSorted((a, b) => a - b),
  )
  assert.ok(
    places.every(place => place >= 0),
    text,
  )
})
