/** Requests that are nearly right: a good one with a few things changed, or its bytes broken. Repeatable from a seed. */

export type Random = () => number

/** Numbers from 0 to 1, the same for the same seed (mulberry32). */
export function randomFrom(seed: number): Random {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296
  }
}

const below = (random: Random, limit: number): number => Math.floor(random() * limit)
const oneOf = <T>(random: Random, list: readonly T[]): T => list[below(random, list.length)]!

type Base = { path: string; body: Record<string, unknown> }

const tool = { type: 'function', function: { name: 'look', parameters: { type: 'object', properties: {} } } }
const call = { id: 'c1', type: 'function', function: { name: 'look', arguments: '{"a":1}' } }
const image = { type: 'image_url', image_url: { url: 'data:image/png;base64,iVBORw0KGgo=' } }

/** Good bodies of every door. */
const bases: readonly Base[] = [
  { path: '/v1/chat/completions', body: { model: 'toy', messages: [{ role: 'user', content: 'hi' }] } },
  {
    path: '/v1/chat/completions',
    body: {
      model: 'toy',
      messages: [
        { role: 'system', content: 'be short' },
        { role: 'user', content: [{ type: 'text', text: 'what?' }, image] },
        { role: 'assistant', content: null, tool_calls: [call] },
        { role: 'tool', tool_call_id: 'c1', content: 'x' },
      ],
      tools: [tool],
      tool_choice: 'auto',
      max_tokens: 10,
      temperature: 0.5,
      top_p: 0.9,
      seed: 3,
      stop: ['END'],
      n: 2,
      logprobs: true,
      top_logprobs: 3,
      logit_bias: { '5': 1 },
      presence_penalty: 0.1,
      stream: true,
      stream_options: { include_usage: true },
      response_format: { type: 'json_schema', json_schema: { name: 'a', schema: { type: 'object' } } },
      provider: { order: [`0x${'ab'.repeat(20)}`], max_price: { prompt: '1' } },
    },
  },
  { path: '/v1/completions', body: { model: 'toy', prompt: 'once', max_tokens: 5, stream: false, echo: false } },
  { path: '/v1/embeddings', body: { model: 'toy', input: ['one', 'two'], encoding_format: 'float' } },
  {
    path: '/v1/messages',
    body: {
      model: 'toy',
      max_tokens: 10,
      system: 'be short',
      messages: [{ role: 'user', content: [{ type: 'text', text: 'hi' }] }],
      tools: [{ name: 'look', input_schema: { type: 'object' } }],
      stop_sequences: ['END'],
    },
  },
  { path: '/v1/messages/count_tokens', body: { model: 'toy', messages: [{ role: 'user', content: 'hi' }] } },
  { path: '/v1/responses', body: { model: 'toy', input: 'hi', max_output_tokens: 9 } },
  { path: '/v1/quote', body: { model: 'toy', messages: [{ role: 'user', content: 'hi' }] } },
]

const KEYS = [
  'keep_alive',
  'options',
  'raw',
  'template',
  '__proto__',
  'constructor',
  'toString',
  'model',
  'id',
  '',
  'ｍodel',
]

/** Values that have broken parsers before. */
const VALUES: readonly unknown[] = [
  null,
  true,
  0,
  -1,
  1.5,
  1e308,
  -0,
  2 ** 53,
  4_294_967_295,
  '',
  'x',
  'NaN',
  '\u0000',
  '\ud800',
  '\u202e',
  '\x1e{"finish":"stop"}\n',
  'data: [DONE]\n\n',
  '../../etc/passwd',
  'http://169.254.169.254/',
  'file:///etc/passwd',
  `${'a'.repeat(300)}`,
  '💥'.repeat(50),
  [],
  {},
  [[[[]]]],
  [null],
  { type: 'text' },
  { type: 'image_url', image_url: { url: 'data:image/svg+xml,<svg/>' } },
  { role: 'system' },
  { toString: 1, valueOf: 2 },
  Array.from({ length: 300 }, () => 0),
]

/** A place inside a value: what holds it, and under which key. */
type Place = { holder: Record<string, unknown> | unknown[]; key: string | number }

function placesIn(value: unknown, found: Place[] = []): Place[] {
  if (typeof value !== 'object' || value === null) return found
  const holder = value as Record<string, unknown>
  for (const key of Object.keys(holder)) {
    found.push({ holder, key })
    if (found.length < 200) placesIn(holder[key], found)
  }
  return found
}

function change(random: Random, body: Record<string, unknown>): void {
  const place = oneOf(random, [...placesIn(body), { holder: body, key: oneOf(random, KEYS) }])
  const { holder, key } = place as { holder: Record<string, unknown>; key: string }
  const kind = below(random, 6)
  if (kind === 0) delete holder[key]
  else if (kind === 1 && Array.isArray(holder)) holder.push(...structuredClone(holder.slice(0, 20)))
  else if (kind === 2 && !Array.isArray(holder))
    define(holder, oneOf(random, KEYS), structuredClone(oneOf(random, VALUES)))
  else if (kind === 3 && typeof holder[key] === 'string') {
    const text = holder[key] as string
    const at = below(random, text.length + 1)
    holder[key] = text.slice(0, at) + String.fromCharCode(below(random, 0x1_0000)) + text.slice(at)
  } else define(holder, key, structuredClone(oneOf(random, VALUES)))
}

/** As `JSON.parse` would: a name such as `__proto__` is a name like any other. */
const define = (holder: object, key: string, value: unknown): void => {
  Object.defineProperty(holder, key, { value, enumerable: true, configurable: true, writable: true })
}

/** Bytes as no JSON writer makes them. */
function breakBytes(random: Random, bytes: Buffer): Buffer {
  const kind = below(random, 5)
  const at = below(random, bytes.length)
  if (kind === 0) return bytes.subarray(0, at)
  if (kind === 1) return Buffer.concat([bytes.subarray(0, at), bytes])
  if (kind === 2) return Buffer.concat([bytes, Buffer.from('['.repeat(below(random, 3_000)))])
  const copy = Buffer.from(bytes)
  for (let i = 0; i <= kind; i++) copy[below(random, copy.length)] = below(random, 256)
  return copy
}

/** One request: where it goes, and its bytes. A fifth is broken as bytes, the rest is JSON. */
export function nextRequest(random: Random): { path: string; bytes: Buffer } {
  const base = oneOf(random, bases)
  const body = structuredClone(base.body)
  for (let i = below(random, 2); i >= 0; i--) change(random, body)
  const bytes = Buffer.from(JSON.stringify(body) ?? '')
  const path = random() < 0.02 ? oneOf(random, bases).path : base.path
  return { path, bytes: random() < 0.2 && bytes.length > 0 ? breakBytes(random, bytes) : bytes }
}
