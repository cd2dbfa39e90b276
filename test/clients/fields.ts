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
  /** Values that are passed over: the answer's `heddle.unused` names the field, or what stands in it. */
  passes?: readonly unknown[]
  /** What the rest of the request must hold for it. */
  beside?: object
}
type Decisions<T> = Readonly<Record<Exclude<keyof T, symbol | number>, Decision>>

const refused = (...refuses: unknown[]): Decision => ({ says: '**refused**', refuses })
const passed = (...passes: unknown[]): Decision => ({ says: 'unused', passes })
/** Taken at the values that say what happens anyway; others are passed over. */
const anyway = (says: string, takes: unknown[], passes: unknown[]): Decision => ({ says, takes, passes })
/** Taken at the values that say what happens anyway; others matter. */
const only = (says: string, takes: unknown[], refuses: unknown[]): Decision => ({ says, takes, refuses })
const honoured = (
  says: string,
  takes: unknown[],
  refuses: unknown[] = [],
  beside?: object,
  passes?: unknown[],
): Decision => ({
  says,
  takes,
  refuses,
  ...(passes && { passes }),
  ...(beside && { beside }),
})

const user = [{ role: 'user', content: 'hi' }]
const tool = { type: 'function', function: { name: 'f', parameters: { type: 'object' } } }
const schema = { name: 's', schema: { type: 'object' } }
const range = (name: string, least: number, most: number): Decision =>
  honoured(name, [least, most, null], [least - 1, most + 1, 'x'])

const cacheKey = honoured('what begins the same is remembered for the same key; hashed before it leaves', ['k'], [7])
const tier = anyway('`auto` and `default`: there is one; others unused', ['auto', 'default'], ['flex', 'priority'])
const notStored = anyway('`false`: nothing is stored; `true` unused', [false, null], [true])
const sampling = {
  temperature: range('honoured, 0 to 2', 0, 2),
  top_p: honoured('honoured, 0 to 1', [0, 0.5, 1], [-0.1, 1.1]),
  frequency_penalty: range('honoured, −2 to 2', -2, 2),
  presence_penalty: range('honoured, −2 to 2', -2, 2),
  logit_bias: honoured('honoured, at most 300 tokens', [{ '1': -100 }], [{ '1': 101 }, { a: 1 }]),
  n: range('honoured, 1 to 8', 1, 8),
  seed: honoured('honoured; −1 is any', [0, -1, 2 ** 53], [0.5, 'x']),
  stop: honoured(
    'honoured: at most 16 of at most 64 characters; empty ones end nothing',
    ['a', ['a', 'b', ''], '', []],
    ['x'.repeat(65), Array(17).fill('a')],
  ),
  stream: honoured('honoured', [true, false], ['yes']),
  stream_options: honoured(
    '`include_usage` honoured; others unused',
    [{ include_usage: true }],
    ['x'],
    { stream: true },
    [{ include_obfuscation: true }],
  ),
}

export const chatFields: Decisions<OpenAI.ChatCompletionCreateParamsNonStreaming & { top_k: number }> = {
  messages: honoured(
    'honoured: system, developer, user, assistant and tool, anywhere; text, and images as `data:` URLs; `name` unused',
    [user],
    [[], [{ role: 'function', name: 'f', content: 'x' }], [{ role: 'user', content: [{ type: 'input_audio' }] }]],
    undefined,
    [[{ role: 'user', name: 'me', content: 'x' }]],
  ),
  model: honoured('honoured', ['toy'], ['']),
  ...sampling,
  top_k: honoured(
    'honoured, 1 to 1000; 0 and −1 are all (not in the reference, and in every open engine)',
    [40, 0, -1],
    [-2],
  ),
  max_tokens: honoured('honoured, cut to what fits; −1 is that', [1, 1_000_000, -1], [0, -2]),
  max_completion_tokens: honoured('honoured, cut to what fits; −1 is that', [1, 1_000_000, -1], [0]),
  logprobs: honoured('honoured', [true, false], [1]),
  top_logprobs: honoured('honoured, 0 to 20', [0, 20], [21], { logprobs: true }),
  tools: honoured('functions honoured, at most 512; others unused', [[tool], []], [[tool, tool]], undefined, [
    [{ type: 'custom', custom: { name: 'f' } }],
    [{ type: 'web_search' }],
  ]),
  tool_choice: honoured(
    'honoured: none, auto, required, one function by its name, allowed_tools',
    [
      'none',
      'auto',
      'required',
      { type: 'function', function: { name: 'f' } },
      { type: 'allowed_tools', allowed_tools: { mode: 'required', tools: [tool] } },
    ],
    [
      { type: 'custom', custom: { name: 'g' } },
      { type: 'function', function: { name: 'g' } },
    ],
    { tools: [tool] },
  ),
  parallel_tool_calls: honoured('honoured', [true, false], [1], { tools: [tool] }),
  response_format: honoured(
    'honoured: text, json_object, json_schema; an answer keeps to its schema with `strict` and without',
    [{ type: 'text' }, { type: 'json_object' }, { type: 'json_schema', json_schema: schema }],
    [{ type: 'grammar' }],
  ),
  reasoning_effort: honoured(
    'honoured: none, low (minimal), medium, high (xhigh, max); unused at a model that does not reason',
    ['none', 'minimal', 'xhigh'],
    [],
    undefined,
    ['as you like'],
  ),
  user: passed('me'),
  safety_identifier: passed('me'),
  prompt_cache_key: cacheKey,
  prompt_cache_retention: passed('24h'),
  prompt_cache_options: passed({ mode: 'explicit' }),
  service_tier: tier,
  store: notStored,
  modalities: only("`['text']`", [['text']], [['text', 'audio']]),
  metadata: passed({ a: 'b' }),
  audio: refused({ voice: 'alloy', format: 'mp3' }),
  prediction: passed({ type: 'content', content: 'x' }),
  verbosity: passed('low'),
  web_search_options: passed({}),
  moderation: passed({ model: 'x' }),
  function_call: only('`auto` and `none`', ['auto', 'none'], [{ name: 'f' }]),
  functions: refused([{ name: 'f' }]),
}

export const completionFields: Decisions<OpenAI.CompletionCreateParamsNonStreaming> = {
  ...sampling,
  model: honoured('honoured', ['toy'], ['']),
  prompt: honoured('one text, or a list of one', ['x', ['x']], [['x', 'y'], [1, 2], null]),
  max_tokens: honoured('honoured, cut to what fits; 16 when it is left out', [1, 1_000_000], [0]),
  logprobs: honoured('honoured, 0 to 5', [0, 5], [6]),
  best_of: only('`1`', [1], [2]),
  echo: only('`false`', [false], [true]),
  suffix: only('empty', [''], ['end']),
  user: passed('me'),
}

export const embeddingFields: Decisions<OpenAI.EmbeddingCreateParams> = {
  model: honoured('honoured', ['toy'], ['']),
  input: honoured('a text, or at most 256', ['x', ['x']], [[], '', [1, 2], [[1]]]),
  encoding_format: honoured('honoured', ['float', 'base64'], ['binary']),
  dimensions: refused(8),
  user: passed('me'),
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
  max_output_tokens: honoured('honoured, cut to what fits', [1, 1_000_000], [0]),
  temperature: sampling.temperature,
  top_p: sampling.top_p,
  top_logprobs: honoured('honoured, 0 to 20', [0, 20], [21]),
  include: honoured('log-probabilities; others unused', [['message.output_text.logprobs']], ['x'], undefined, [
    ['file_search_call.results'],
    ['reasoning.encrypted_content'],
  ]),
  text: honoured(
    '`format` honoured; others unused',
    [{ format: { type: 'json_schema', ...schema } }, { format: { type: 'json_object' } }],
    [{ format: { type: 'grammar' } }],
    undefined,
    [{ verbosity: 'low' }],
  ),
  reasoning: honoured(
    '`effort` honoured; others unused',
    [{ effort: 'low' }, { effort: 'minimal' }],
    ['x'],
    undefined,
    [{ summary: 'auto' }],
  ),
  tools: honoured(
    'functions honoured, those of a namespace too; others unused',
    [[responseTool], [{ type: 'namespace', name: 'n', description: 'x', tools: [responseTool] }]],
    [[responseTool, responseTool]],
    undefined,
    [[{ type: 'web_search' }], [{ type: 'custom', name: 'f' }], [{ type: 'namespace', name: 'n', tools: [] }]],
  ),
  tool_choice: honoured(
    'honoured: none, auto, required, one function by its name, allowed_tools',
    [
      'none',
      'required',
      { type: 'function', name: 'f' },
      { type: 'allowed_tools', mode: 'auto', tools: [responseTool] },
    ],
    [{ type: 'web_search_preview' }],
    { tools: [responseTool] },
  ),
  parallel_tool_calls: honoured('honoured', [true, false], [1], { tools: [responseTool] }),
  stream: honoured('honoured', [true, false], ['yes']),
  stream_options: honoured(
    '`include_obfuscation: false`; others unused',
    [{ include_obfuscation: false }],
    ['x'],
    { stream: true },
    [{ include_obfuscation: true }],
  ),
  metadata: { says: 'unused, and said back in the answer', passes: [{ a: 'b' }] },
  user: { says: 'unused, and said back in the answer', passes: ['me'] },
  safety_identifier: { says: 'unused, and said back in the answer', passes: ['me'] },
  prompt_cache_key: cacheKey,
  prompt_cache_retention: passed('24h'),
  prompt_cache_options: passed({ mode: 'explicit' }),
  service_tier: tier,
  store: notStored,
  background: only('`false`', [false], [true]),
  truncation: anyway('`disabled`; others unused', ['disabled'], ['auto']),
  previous_response_id: refused('resp_1'),
  conversation: refused('conv_1'),
  prompt: refused({ id: 'x' }),
  max_tool_calls: passed(1),
  context_management: passed([{ type: 'compaction' }]),
  moderation: passed({ model: 'x' }),
  image: passed({ context_compression: 'auto' }),
  access_programs: passed({}),
}

/** In the reference, and no more in the types of the newest package. */
type Sampling = { temperature: number; top_p: number; top_k: number }

export const messageFields: Decisions<Anthropic.MessageCreateParamsNonStreaming & Sampling> = {
  model: honoured('honoured', ['toy'], ['']),
  max_tokens: honoured('honoured, cut to what fits', [1, 1_000_000], [0, null]),
  messages: honoured(
    'honoured: user, assistant and system; text, images in base64, tool_use, tool_result, thinking; what a server sealed or ran unused',
    [user],
    [[], [...user, { role: 'assistant', content: 'I' }], [{ role: 'user', content: [{ type: 'document' }] }]],
  ),
  system: honoured('honoured', ['x', [{ type: 'text', text: 'x' }]], [7]),
  stop_sequences: honoured('honoured: at most 16 of at most 64 characters', [['a'], ['']], [['x'.repeat(65)]]),
  stream: honoured('honoured', [true, false], ['yes']),
  temperature: range('honoured, 0 to 1', 0, 1),
  top_p: sampling.top_p,
  top_k: honoured('honoured, 1 to 1000; 0 and −1 are all', [40, 0, -1], [-2]),
  thinking: honoured(
    'to 4096 tokens low, to 16384 medium, above it high; `adaptive` leaves it to the model; unused at one that does not reason',
    [{ type: 'enabled', budget_tokens: 1_024 }, { type: 'adaptive' }, { type: 'disabled' }],
    [{ type: 'enabled', budget_tokens: 2_000 }],
    { max_tokens: 2_000 },
    [{ type: 'between_tools' }, { type: 'adaptive', display: 'omitted' }],
  ),
  output_config: honoured(
    '`effort` low, medium, high (max); `format` a JSON schema; others unused',
    [{ effort: 'low' }, { effort: 'max' }, { format: { type: 'json_schema', schema: {} } }],
    [{ format: { type: 'grammar' } }],
    undefined,
    [{ task_budget: 7 }],
  ),
  tools: honoured(
    'tools of your own; those that a server runs unused',
    [[{ name: 'f', input_schema: { type: 'object' } }]],
    [[{ name: 'f' }]],
    undefined,
    [[{ type: 'web_search_20250305', name: 'web_search' }], [{ type: 'bash_20250124', name: 'bash' }]],
  ),
  tool_choice: honoured(
    'honoured',
    [{ type: 'auto' }, { type: 'any', disable_parallel_tool_use: true }, { type: 'tool', name: 'f' }, { type: 'none' }],
    [{ type: 'tool', name: 'g' }],
    { tools: [{ name: 'f', input_schema: { type: 'object' } }] },
  ),
  cache_control: anyway(
    '`ephemeral` of five minutes; `ttl` and `scope` unused',
    [{ type: 'ephemeral' }],
    [{ type: 'ephemeral', ttl: '1h' }],
  ),
  metadata: passed({ user_id: 'me' }),
  service_tier: anyway(
    '`auto` and `standard_only`: there is one; others unused',
    ['auto', 'standard_only'],
    ['priority'],
  ),
  speed: anyway('`standard`; others unused', ['standard'], ['fast']),
  container: passed('x'),
  diagnostics: passed({}),
  inference_geo: refused('us'),
  user_profile_id: passed('x'),
  workspace_id: passed('x'),
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
