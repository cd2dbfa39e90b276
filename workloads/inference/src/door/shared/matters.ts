/**
 * Fields of one API or another that change the answer or its price. One of them at a door that does not know it is
 * refused by name: whoever sent it means it. A value that says what happens anyway is no reason to refuse.
 */
const MATTERS: ReadonlyMap<string, readonly unknown[]> = new Map<string, readonly unknown[]>([
  // How tokens are drawn.
  ...[
    'temperature',
    'top_p',
    'top_k',
    'seed',
    'stop',
    'stop_sequences',
    'stop_token_ids',
    'bad_words',
    'allowed_token_ids',
    'logit_bias',
    'logprobs',
    'top_logprobs',
    'prompt_logprobs',
    'ignore_eos',
    'use_beam_search',
    'best_of',
    'options',
    'sampler_order',
    'samplers',
  ].map((name): [string, unknown[]] => [name, []]),
  ['n', [1]],
  ['min_p', [0]],
  ['top_a', [0]],
  ['typical_p', [1]],
  ['tfs_z', [1]],
  ['mirostat', [0]],
  ['xtc_probability', [0]],
  ['dry_multiplier', [0]],
  ['dynatemp_range', [0]],
  ['repetition_penalty', [1]],
  ['repeat_penalty', [1]],
  ['length_penalty', [1]],
  ['frequency_penalty', [0]],
  ['presence_penalty', [0]],
  ['no_repeat_ngram_size', [0]],
  // How long it may become.
  ...[
    'max_tokens',
    'max_completion_tokens',
    'max_output_tokens',
    'max_new_tokens',
    'max_tokens_to_sample',
    'num_predict',
    'n_predict',
  ].map((name): [string, unknown[]] => [name, []]),
  ['min_tokens', [0]],
  ['min_length', [0]],
  // What it may look like.
  ...[
    'response_format',
    'format',
    'json_schema',
    'grammar',
    'regex',
    'ebnf',
    'guided_json',
    'guided_regex',
    'guided_choice',
    'guided_grammar',
    'structured_outputs',
    'modalities',
    'audio',
    'dimensions',
  ].map((name): [string, unknown[]] => [name, []]),
  // What is read.
  ...[
    'messages',
    'prompt',
    'input',
    'system',
    'instructions',
    'suffix',
    'echo',
    'functions',
    'images',
    'documents',
    'context',
    'lora',
    'add_special_tokens',
    'template',
    'chat_template',
    'continue_final_message',
    'previous_response_id',
    'conversation',
    'input_type',
    'task',
  ].map((name): [string, unknown[]] => [name, []]),
  ['function_call', ['none', 'auto']],
  ['add_generation_prompt', [true]],
  ['raw', []],
  // Who reads it, and when the answer comes.
  ['background', []],
  ['inference_geo', ['global']],
])

/** Objects of which every field is a rule: one that is not known cannot be passed over. */
const RULES: ReadonlySet<unknown> = new Set(['provider', 'chat_template_kwargs'])

/** A value by which nothing is asked. */
export function saysNothing(value: unknown): boolean {
  if (value === null || value === undefined || value === false || value === '') return true
  return typeof value === 'object' && Object.keys(value).length === 0
}

/** Whether the answer or its price would be another with this unknown field of a request. */
export function matters(path: readonly PropertyKey[], value: unknown): boolean {
  if (saysNothing(value)) return false
  const [first, ...inner] = path
  if (inner.length > 0) return RULES.has(first)
  const neutral = MATTERS.get(String(first))
  return neutral !== undefined && !neutral.includes(value)
}
