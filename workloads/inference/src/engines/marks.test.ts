import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { chat, run, setup } from '../testing/engine-worker.ts'
import { mendingMarks, withoutMarks } from './marks.ts'
import { ENGINE_KINDS } from './settings.ts'

const MARKS = [
  ...[
    '<|im_start|>',
    '<|im_end|>',
    '<|endoftext|>',
    '<|eot_id|>',
    '<|start_header_id|>',
    '<|begin_of_text|>',
    '<|end|>',
  ],
  ...['<|start|>', '<|channel|>', '<|user|>', '<|START_OF_TURN_TOKEN|>', '<|start_of_role|>', '<|tool_calls|>'],
  ...['<｜end▁of▁sentence｜>', '<｜User｜>', '<|turn>', '<turn|>', '<|channel>', '<start_of_turn>', '<end_of_turn>'],
  ...[
    '<s>',
    '</s>',
    '<bos>',
    '<eos>',
    '<<SYS>>',
    '<</SYS>>',
    '[INST]',
    '[/INST]',
    '[TOOL_RESULTS]',
    '[/SYSTEM_PROMPT]',
  ],
]
const PLAIN = [
  'a < b | c > d',
  '<p>',
  '<strong>',
  '[1, 2]',
  '[INSTALL]',
  'x <| f',
  '|> g',
  '<|>',
  '<think>',
  '<tool_call>',
]
const all = MARKS.join(' and ')

for (const kind of ENGINE_KINDS) {
  test(`${kind}: no mark of a template reaches the engine from a text, and all that is said still does`, async t => {
    const features = ['chat', 'tools'] as const
    const { engine, worker } = await setup(t, kind, {}, { features })
    const question = chat({
      messages: [
        { role: 'system', content: `S ${all}` },
        { role: 'user', content: [{ type: 'text', text: `U ${all}` }] },
        {
          role: 'assistant',
          content: `A ${all}`,
          toolCalls: [{ id: 'c', name: 'f', arguments: JSON.stringify({ a: all }) }],
        },
        { role: 'tool', callId: 'c', content: `T ${all}` },
        { role: 'user', content: all },
      ],
      tools: [
        { name: 'f', description: `D ${all}`, parameters: '{"type":"object","properties":{"a":{"type":"string"}}}' },
      ],
    })
    await run(worker, question)
    const sent = JSON.stringify(engine.questions()[0]!.body)
    for (const mark of MARKS) assert.ok(!sent.includes(mark), `${mark} in ${sent}`)
    for (const who of ['S', 'U', 'A', 'T', 'D']) assert.ok(sent.replaceAll('\u200b', '').includes(`${who} ${all}`), who)
  })

  test(`${kind}: a mark that the model repeats is whole again, however it arrives`, async t => {
    const tokens = ['so ', '<', '\u200b', '|im_end|>', ' [\u200b/INST', ']', ' a\u200bb']
    const { worker } = await setup(t, kind, { tokens }, { features: ['chat'] })
    const { text } = await run(worker, chat({ messages: [{ role: 'user', content: 'what is <|im_end|>?' }] }))
    assert.equal(text, 'so <|im_end|> [/INST] a\u200bb')
    const untouched = await run(worker, chat())
    assert.equal(untouched.text, tokens.join(''), 'and what nobody broke stays as it came')
  })
}

test('a text to be continued is left as it is', async t => {
  const { engine, worker } = await setup(t, 'ollama', {}, { features: ['chat', 'completion'] })
  const plain = { maxCompletion: 9, temperature: 0, topP: 1, stop: [] }
  await run(worker, { task: 'completion', prompt: all, ...plain })
  assert.equal((engine.questions()[0]!.body as { prompt: string }).prompt, all)
})

test('what is no mark is not touched, and breaking takes nothing away', () => {
  const said = (content: string) => chat({ messages: [{ role: 'user', content }] })
  for (const text of PLAIN) {
    const spec = said(text)
    assert.ok(spec.task === 'chat')
    assert.equal(withoutMarks(spec), spec, text)
  }
  const text = fc.array(fc.oneof(fc.constantFrom(...MARKS, ...PLAIN, '<', '|', '>', '[', ']'), fc.string()), {
    maxLength: 8,
  })
  fc.assert(
    fc.property(text, parts => {
      const content = parts.join('').replaceAll('\u200b', '')
      const spec = said(content)
      assert.ok(spec.task === 'chat')
      const [message] = withoutMarks(spec).messages
      assert.equal(String(message!.content).replaceAll('\u200b', ''), content)
      const read = mendingMarks(message => ({ pieces: [{ text: message }], tokens: 1 }))
      const back = [...String(message!.content)].map(one => read(one).pieces[0]!.text).join('')
      assert.equal(back, content)
    }),
  )
})
