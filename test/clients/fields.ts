import type Anthropic from '@anthropic-ai/sdk'
import type OpenAI from 'openai'

/**
 * Every field of each API's reference, decided by hand. The types hold the lists complete: a field that a new version
 * of a client's package brings does not compile until it stands here. The test sends every value.
 */
export type Decision = {
  /** What becomes of the field. */
  says: string
  takes?: readonly unknown[]
  refuses?: readonly unknown[]
  /** What the rest of the request must hold for it. */
  beside?: object
}
type Decisions<T> = Readonly<Record<Exclude<keyof T, symbol | number>, Decision>>

const refused = (...refuses: unknown[]): Decision => ({ says: 'refused', refuses })
const anyway = (says: string, takes: unknown[], refuses: unknown[]): Decision => ({ says, takes, refuses })
const honoured = (says: string, takes: unknown[], refuses: unknown[] = [], beside?: object): Decision => ({
  says,
  takes,
  refuses,
  ...(beside && { beside }),
})

const user = [{ role: 'user', content: 'hi' }]
const tool = { type: 'function', function: { name: 'f', parameters: { type: 'object' } } }
const schema = { name: 's', schema: { type: 'object' } }
const range = (name: string, least: number, most: number): Decision =>
  honoured(name, [least, most, null], [least - 1, most + 1, 'x'])

const label = honoured('accepted and told nobody; `heddle.unused` in the answer names it', ['me', null], [7])
const cacheKey = honoured('what begins the same is remembered for the same key; hashed before it leaves', ['k'], [7])
const tier = anyway('`auto` and `default`: there is one', ['auto', 'default'], ['flex', 'priority'])
const notStored = anyway('`false`: nothing is stored', [false, null], [true])
const retention = refused('24h')
const sampling = {
  temperature: range('honoured, 0 to 2', 0, 2),
  top_p: honoured('honoured, above 0 to 1', [0.5, 1], [0, 1.1]),
  frequency_penalty: range('honoured, −2 to 2', -2, 2),
  presence_penalty: range('honoured, −2 to 2', -2, 2),
  logit_bias: honoured('honoured, at most 300 tokens', [{ '1': -100 }], [{ '1': 101 }, { a: 1 }]),
  n: range('honoured, 1 to 8', 1, 8),
  seed: range('honoured, 0 to 4294967294', 0, 4_294_967_294),
  stop: honoured('honoured: at most 4 of at most 64 characters', ['a', ['a', 'b']], [[''], 'x'.repeat(65)]),
  stream: honoured('honoured', [true, false], ['yes']),
  stream_options: honoured(
    '`include_usage` honoured; `include_obfuscation` only `false`',
    [{ include_usage: true }],
    [{ include_obfuscation: true }],
    { stream: true },
  ),
}

export const chatFields: Decisions<OpenAI.ChatCompletionCreateParamsNonStreaming & { top_k: number }> = {
  messages: honoured(
    'honoured: system, developer, user, assistant and tool; text, and images as `data:` URLs',
    [user],
    [[], [{ role: 'function', name: 'f', content: 'x' }], [{ role: 'user', name: 'me', content: 'x' }]],
  ),
  model: honoured('honoured', ['toy'], ['']),
  ...sampling,
  top_k: honoured('honoured, 1 to 1000 (not in the reference, and in every open engine)', [40], [0]),
  max_tokens: honoured('honoured, to 32768', [1], [0]),
  max_completion_tokens: honoured('honoured, to 32768', [1], [0]),
  logprobs: honoured('honoured', [true, false], [1]),
  top_logprobs: honoured('honoured, 0 to 20', [0, 20], [21], { logprobs: true }),
  tools: honoured('functions honoured, at most 128', [[tool]], [[], [{ type: 'custom', custom: { name: 'f' } }]]),
  tool_choice: honoured(
    'honoured: none, auto, required, and one function by its name',
    ['none', 'auto', 'required', { type: 'function', function: { name: 'f' } }],
    [{ type: 'allowed_tools', allowed_tools: { mode: 'auto', tools: [] } }],
    { tools: [tool] },
  ),
  parallel_tool_calls: honoured('honoured', [true, false], [1], { tools: [tool] }),
  response_format: honoured(
    'honoured: text, json_object, json_schema; an answer keeps to its schema with `strict` and without',
    [{ type: 'text' }, { type: 'json_object' }, { type: 'json_schema', json_schema: schema }],
    [{ type: 'grammar' }],
  ),
  reasoning_effort: honoured('honoured: none, low, medium, high', ['none', 'low'], ['minimal', 'xhigh']),
  user: label,
  safety_identifier: label,
  prompt_cache_key: cacheKey,
  prompt_cache_retention: retention,
  prompt_cache_options: refused({ mode: 'explicit' }),
  service_tier: tier,
  store: notStored,
  modalities: anyway("`['text']`", [['text']], [['text', 'audio']]),
  metadata: refused({ a: 'b' }),
  audio: refused({ voice: 'alloy', format: 'mp3' }),
  prediction: refused({ type: 'content', content: 'x' }),
  verbosity: refused('low'),
  web_search_options: refused({}),
  moderation: refused({ model: 'x' }),
  function_call: refused('auto'),
  functions: refused([{ name: 'f' }]),
}

export const completionFields: Decisions<OpenAI.CompletionCreateParamsNonStreaming> = {
  ...sampling,
  model: honoured('honoured', ['toy'], ['']),
  prompt: honoured('one text, or a list of one', ['x', ['x']], [['x', 'y'], [1, 2], null]),
  max_tokens: honoured('honoured; 16 when it is left out', [1], [0]),
  logprobs: honoured('honoured, 0 to 5', [0, 5], [6]),
  best_of: anyway('`1`', [1], [2]),
  echo: anyway('`false`', [false], [true]),
  suffix: anyway('empty', [''], ['end']),
  user: label,
}

export const embeddingFields: Decisions<OpenAI.EmbeddingCreateParams> = {
  model: honoured('honoured', ['toy'], ['']),
  input: honoured('a text, or at most 256', ['x', ['x']], [[], '', [1, 2], [[1]]]),
  encoding_format: honoured('honoured', ['float', 'base64'], ['binary']),
  dimensions: refused(8),
  user: label,
}

const responseTool = { type: 'function', name: 'f', parameters: { type: 'object' }, strict: false }

export const responseFields: Decisions<OpenAI.Responses.ResponseCreateParamsNonStreaming> = {
  model: honoured('honoured', ['toy'], ['']),
  input: honoured(
    'a text, or messages, function calls, their outputs, and reasoning',
    ['hi', user],
    [[], [{ type: 'item_reference', id: 'x' }]],
  ),
  instructions: honoured('honoured', ['Be brief.'], [7]),
  max_output_tokens: honoured('honoured, to 32768', [1], [0]),
  temperature: sampling.temperature,
  top_p: sampling.top_p,
  top_logprobs: honoured('honoured, 0 to 20', [0, 20], [21]),
  include: honoured(
    'log-probabilities; encrypted reasoning may be asked for and is never made',
    [['message.output_text.logprobs'], ['reasoning.encrypted_content']],
    [['file_search_call.results']],
  ),
  text: honoured(
    '`format` honoured',
    [{ format: { type: 'json_schema', ...schema } }, { format: { type: 'json_object' } }],
    [{ verbosity: 'low' }],
  ),
  reasoning: honoured('`effort` honoured', [{ effort: 'low' }], [{ summary: 'auto' }, { effort: 'minimal' }]),
  tools: honoured('functions honoured', [[responseTool]], [[{ type: 'web_search' }]]),
  tool_choice: honoured(
    'honoured: none, auto, required, and one function by its name',
    ['none', 'required', { type: 'function', name: 'f' }],
    [{ type: 'web_search_preview' }],
    { tools: [responseTool] },
  ),
  parallel_tool_calls: honoured('honoured', [true, false], [1], { tools: [responseTool] }),
  stream: honoured('honoured', [true, false], ['yes']),
  stream_options: honoured(
    '`include_obfuscation: false`',
    [{ include_obfuscation: false }],
    [{ include_obfuscation: true }],
    {
      stream: true,
    },
  ),
  metadata: honoured('said back in the answer', [{ a: 'b' }], [{ a: 1 }]),
  user: honoured('said back in the answer', ['me'], [7]),
  safety_identifier: honoured('said back in the answer', ['me'], [7]),
  prompt_cache_key: cacheKey,
  prompt_cache_retention: retention,
  prompt_cache_options: refused({ mode: 'explicit' }),
  service_tier: tier,
  store: notStored,
  background: anyway('`false`', [false], [true]),
  truncation: anyway('`disabled`', ['disabled'], ['auto']),
  previous_response_id: refused('resp_1'),
  conversation: refused('conv_1'),
  prompt: refused({ id: 'x' }),
  max_tool_calls: refused(1),
  context_management: refused([{ type: 'compaction' }]),
  moderation: refused({ model: 'x' }),
  image: refused({ context_compression: 'auto' }),
  access_programs: refused({}),
}

/** In the reference, and no more in the types of the newest package. */
type Sampling = { temperature: number; top_p: number; top_k: number }

export const messageFields: Decisions<Anthropic.MessageCreateParamsNonStreaming & Sampling> = {
  model: honoured('honoured', ['toy'], ['']),
  max_tokens: honoured('honoured, to 32768', [1], [0, null]),
  messages: honoured(
    'honoured: text, images in base64, tool_use, tool_result, thinking',
    [user],
    [[], [...user, { role: 'assistant', content: 'I' }], [{ role: 'user', content: [{ type: 'document' }] }]],
  ),
  system: honoured('honoured', ['x', [{ type: 'text', text: 'x' }]], [7]),
  stop_sequences: honoured('honoured: at most 4 of at most 64 characters', [['a']], [['']]),
  stream: honoured('honoured', [true, false], ['yes']),
  temperature: range('honoured, 0 to 1', 0, 1),
  top_p: sampling.top_p,
  top_k: honoured('honoured, 1 to 1000', [40], [0]),
  thinking: honoured(
    'to 4096 tokens low, to 16384 medium, above it high; `adaptive` medium',
    [{ type: 'enabled', budget_tokens: 1_024 }, { type: 'adaptive' }, { type: 'disabled' }],
    [{ type: 'between_tools' }, { type: 'adaptive', display: 'omitted' }],
    { max_tokens: 2_000 },
  ),
  output_config: honoured(
    '`effort` low, medium, high; `format` a JSON schema',
    [{ effort: 'low' }, { format: { type: 'json_schema', schema: {} } }],
    [{ effort: 'max' }],
  ),
  tools: honoured(
    'tools of your own',
    [[{ name: 'f', input_schema: { type: 'object' } }]],
    [[{ type: 'web_search_20250305', name: 'web_search' }]],
  ),
  tool_choice: honoured(
    'honoured',
    [{ type: 'auto' }, { type: 'any', disable_parallel_tool_use: true }, { type: 'tool', name: 'f' }, { type: 'none' }],
    [{ type: 'tool', name: 'g' }],
    { tools: [{ name: 'f', input_schema: { type: 'object' } }] },
  ),
  cache_control: anyway('`ephemeral` of five minutes', [{ type: 'ephemeral' }], [{ type: 'ephemeral', ttl: '1h' }]),
  metadata: honoured('accepted and told nobody; `heddle.unused` in the answer names it', [{ user_id: 'me' }], [7]),
  service_tier: anyway('`auto` and `standard_only`: there is one', ['auto', 'standard_only'], ['priority']),
  speed: anyway('`standard`', ['standard'], ['fast']),
  container: refused('x'),
  diagnostics: refused({}),
  inference_geo: refused('us'),
  user_profile_id: refused('x'),
  workspace_id: refused('x'),
}

export const pages = [
  {
    title: 'OpenAI, `POST /v1/chat/completions`',
    path: '/v1/chat/completions',
    body: { model: 'toy', messages: user },
    fields: chatFields,
  },
  {
    title: 'OpenAI, `POST /v1/completions`',
    path: '/v1/completions',
    body: { model: 'toy', prompt: 'x' },
    fields: completionFields,
  },
  {
    title: 'OpenAI, `POST /v1/embeddings`',
    path: '/v1/embeddings',
    body: { model: 'toy', input: 'x' },
    fields: embeddingFields,
  },
  {
    title: 'OpenAI, `POST /v1/responses`',
    path: '/v1/responses',
    body: { model: 'toy', input: 'hi' },
    fields: responseFields,
  },
  {
    title: 'Anthropic, `POST /v1/messages`',
    path: '/v1/messages',
    body: { model: 'toy', max_tokens: 10, messages: user },
    fields: messageFields,
  },
] as const
