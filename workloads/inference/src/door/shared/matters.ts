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
    'random_seed',
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
    'eos_token_id',
    'stop_regex',
    'stop_strings',
    'stop_words',
    'banned_strings',
    'banned_tokens',
    'custom_token_bans',
    'include_stop_str_in_output',
    'use_beam_search',
    'options',
    'sampler_order',
    'sampler_priority',
    'samplers',
    'lora',
    'lora_path',
    'lora_name',
    'lora_adapters',
    'lora_request',
    'adapter_id',
  ].map((name): [string, unknown[]] => [name, []]),
  ['n', [1]],
  ['best_of', [1]],
  ['num_beams', [1]],
  ['guidance_scale', [1]],
  ['epsilon_cutoff', [0]],
  ['eta_cutoff', [0]],
  ['penalty_alpha', [0]],
  ['smoothing_factor', [0]],
  ['top_n_sigma', [-1, 0]],
  ['mirostat_mode', [0]],
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
  ['min_new_tokens', [0]],
  ['min_completion_tokens', [0]],
  ['min_length', [0]],
  ['max_length', []],
  // What it may look like.
  ...[
    'response_format',
    'format',
    'output_format',
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
    'negative_prompt',
    'system_prompt',
    'preamble',
    'chat_history',
    'prompt_embeds',
    'safe_prompt',
    'truncate_prompt_tokens',
    'prompt_truncate_len',
    'attachments',
    'files',
    'file_ids',
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
  // A second beginning before the one that the model's own template writes.
  ['add_special_tokens', []],
  ['raw', []],
  // Who reads it, and when the answer comes.
  ['background', []],
  ['inference_geo', ['global']],
])

/** What is so unless it is said not to be: here false means something, and true says what happens anyway. */
const ON: ReadonlySet<unknown> = new Set(['do_sample', 'skip_special_tokens'])

/** Objects of which every field is a rule: one that is not known cannot be passed over. */
const RULES: ReadonlySet<unknown> = new Set(['provider', 'chat_template_kwargs'])

/** A value by which nothing is asked. */
export function saysNothing(value: unknown): boolean {
  if (value === null || value === undefined || value === false || value === '') return true
  return typeof value === 'object' && Object.keys(value).length === 0
}

/** Whether the answer or its price would be another with this unknown field of a request. */
export function matters(path: readonly PropertyKey[], value: unknown): boolean {
  const [first, ...inner] = path
  if (inner.length === 0 && ON.has(first)) return value !== true && value !== null && value !== undefined
  if (saysNothing(value)) return false
  if (inner.length > 0) return RULES.has(first)
  const neutral = MATTERS.get(String(first))
  return neutral !== undefined && !neutral.includes(value)
}
