import assert from 'node:assert/strict'
import { test } from 'node:test'
import { HeddleError } from '@heddle/protocol'
import { askChat, errorOf, hello, weather } from '../../testing/door.ts'
import { model } from '../../testing/house.ts'

test('what matters and cannot be honoured is refused by name', async () => {
  const { post, asked } = askChat()
  const user = (content: unknown) => ({ ...hello, messages: [{ role: 'user', content }] })
  const cases: [object, string][] = [
    [{ ...hello, options: { num_ctx: 1 } }, 'options'],
    [{ ...hello, min_p: 0.1 }, 'min_p'],
    [{ ...hello, repetition_penalty: 1.1 }, 'repetition_penalty'],
    [{ ...hello, typical_p: 0.9 }, 'typical_p'],
    ...Object.entries({
      ...{
        truncate_prompt_tokens: 5,
        include_stop_str_in_output: true,
        top_n_sigma: 1,
        min_new_tokens: 5,
        num_beams: 4,
      },
      ...{ guidance_scale: 2, negative_prompt: 'x', lora_path: 'x', stop_regex: 'a', safe_prompt: true, best_of: 2 },
      ...{ skip_special_tokens: false, do_sample: false, output_format: { type: 'json_schema' }, system_prompt: 'x' },
    }).map(([name, value]): [object, string] => [{ ...hello, [name]: value }, name]),
    [{ ...hello, format: 'json' }, 'format'],
    [{ ...hello, prompt: 'x' }, 'prompt'],
    [{ ...hello, audio: { voice: 'alloy' } }, 'audio'],
    [{ ...hello, functions: [{ name: 'f' }] }, 'functions'],
    [{ ...hello, provider: { zdr: true } }, 'provider.zdr'],
    [{ ...hello, provider: { sort_by: 'speed' } }, 'provider.sort_by'],
    [{ ...hello, messages: [{ role: 'assistant', content: 'x', audio: { id: 'a' } }] }, 'messages[0].audio'],
    [{ ...hello, messages: [{ role: 'assistant', content: 'x', prefix: true }] }, 'messages[0].prefix'],
    [
      user([{ type: 'image_url', image_url: { url: 'https://127.0.0.1/a.png' } }]),
      'messages[0].content[0].image_url.url',
    ],
  ]
  for (const [body, param] of cases) {
    const answer = await post(body)
    assert.equal(answer.status, 400, param)
    const { code, type, message, param: named } = errorOf(answer)
    assert.deepEqual([code, type, named], ['unsupported_field', 'invalid_request_error', param])
    assert.ok((message as string).startsWith(`the field "${param}" `), message as string)
    assert.match(message as string, /Leave the named field out\.$/)
  }
  assert.equal(asked.length, 0)
})

test('a field with a value that cannot be is refused by name', async () => {
  const { post, asked } = askChat()
  const says = (...messages: unknown[]) => ({ ...hello, messages })
  const cases: [unknown, string][] = [
    [null, 'body'],
    [[], 'body'],
    [says(), 'messages'],
    [says({ role: 'function', content: 'x' }), 'messages[0].role'],
    [says({ role: 'tool', content: 'x' }), 'messages[0].tool_call_id'],
    [says({ role: 'assistant' }), 'messages[0].content'],
    [says({ role: 'assistant', content: 'x', reasoning: 'a', reasoning_content: 'b' }), 'messages[0].reasoning'],
    [says({ role: 'user', content: [{ type: 'input_audio', input_audio: {} }] }), 'messages[0].content[0].type'],
    [says({ role: 'user', content: [{ type: 'image_url', image_url: {} }] }), 'messages[0].content[0].image_url.url'],
    [says({ role: 'user', content: 7 }), 'messages[0].content'],
    [says({ role: 'user', content: '\ud800' }), 'messages[0].content'],
    [{ ...hello, n: 9 }, 'n'],
    [{ ...hello, seed: 0.5 }, 'seed'],
    [{ ...hello, logit_bias: { word: 1 } }, 'logit_bias.word'],
    [{ ...hello, top_logprobs: 2 }, 'top_logprobs'],
    [{ ...hello, max_tokens: 0 }, 'max_tokens'],
    [{ ...hello, max_tokens: -2 }, 'max_tokens'],
    [{ ...hello, max_tokens: 5, max_completion_tokens: 6 }, 'max_tokens'],
    [{ ...hello, temperature: 3 }, 'temperature'],
    [{ ...hello, top_p: -0.1 }, 'top_p'],
    [{ ...hello, stop: Array(17).fill('a') }, 'stop'],
    [{ ...hello, stream: 'yes' }, 'stream'],
    [{ ...hello, modalities: ['text', 'audio'] }, 'modalities'],
    [{ ...hello, tools: [weather, weather] }, 'tools'],
    [{ ...hello, tools: [{ type: 'function', function: { name: 'a b' } }] }, 'tools[0].function.name'],
    [{ ...hello, tool_choice: 'required' }, 'tool_choice'],
    [{ ...hello, tools: [weather], tool_choice: { type: 'function', function: { name: 'time' } } }, 'tool_choice'],
    [{ ...hello, response_format: { type: 'xml' } }, 'response_format.type'],
    [{ ...hello, provider: { order: ['openai'] } }, 'provider.order[0]'],
    [{ ...hello, provider: { data_collection: 'deny' } }, 'provider.data_collection'],
  ]
  for (const [body, param] of cases) {
    const answer = await post(body)
    const what = JSON.stringify(body).slice(0, 200)
    assert.equal(answer.status, 400, what)
    assert.deepEqual([errorOf(answer)['code'], errorOf(answer)['param']], ['bad_request', param], what)
  }
  assert.equal(errorOf(await post({ ...hello, model: 'other' }))['heddle_code'], 'model_unknown')
  assert.equal(asked.length, 0)
})

test('a model that lacks something is not asked for it: the field is named', async () => {
  const { post, asked } = askChat({ models: [{ ...model, features: ['chat', 'tools'] }] })
  const cases: [object, string][] = [
    [{ response_format: { type: 'json_object' } }, 'response_format'],
    [{ seed: 1 }, 'seed'],
    [{ n: 2 }, 'n'],
    [{ logprobs: true }, 'logprobs'],
    [{ presence_penalty: 1 }, 'presence_penalty'],
    [{ logit_bias: { '1': 1 } }, 'logit_bias'],
  ]
  for (const [body, param] of cases) {
    const answer = await post({ ...hello, ...body })
    assert.equal(answer.status, 400)
    assert.deepEqual([errorOf(answer)['code'], errorOf(answer)['param']], ['unsupported_by_model', param])
  }
  assert.equal(asked.length, 0)
  assert.equal((await post({ ...hello, tools: [weather] })).status, 200)
  // A cache is a help and never a need.
  assert.equal((await post({ ...hello, prompt_cache_key: 'a' })).status, 200)
})

test('a house that finds nobody for a feature is understood too', async () => {
  const refuses = new HeddleError('unsupported_by_model', 'nobody has "seed"', { cause: { feature: 'seed' } })
  const answer = await askChat({ refuses }).post({ ...hello, seed: 1 })
  assert.deepEqual([errorOf(answer)['code'], errorOf(answer)['param']], ['unsupported_by_model', 'seed'])
})

test("what an engine refuses is named in this API's words", async () => {
  const at = 'format.schema.properties.a.pattern'
  const refuses = new HeddleError('unsupported_field', `${at} is not held`, { cause: { param: at } })
  const error = errorOf(await askChat({ refuses }).post(hello))
  const named = 'response_format.json_schema.schema.properties.a.pattern'
  assert.deepEqual([error['code'], error['param']], ['unsupported_field', named])
  assert.ok((error['message'] as string).startsWith(`${named} is not held`))
})
