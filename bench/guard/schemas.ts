import type { Random } from './mutate.ts'

/** JSON schemas as strangers send them: sound ones, nearly sound ones, and such as brought parsers down. Repeatable from a seed. */

const below = (random: Random, limit: number): number => Math.floor(random() * limit)
const oneOf = <T>(random: Random, list: readonly T[]): T => list[below(random, list.length)]!

const TYPES = ['object', 'array', 'string', 'number', 'integer', 'boolean', 'null']
const NAMES = [
  'a',
  'b',
  'c',
  '1',
  '0',
  'é',
  '"',
  '\\',
  '',
  '$ref',
  '__proto__',
  'x'.repeat(64),
  ']',
  '\n',
  '::=',
  '/',
  '~1',
]
const REFERENCES = [
  ...['#', '#/$defs/a', '#/$defs/b', '#/definitions/a', '#/$defs/none', '#/properties/a', '#/a/b/c', '#a', ''],
  ...[
    'file:///etc/passwd',
    'http://127.0.0.1:1/x',
    'https://example.org/s#/a',
    '#/%',
    '#/$defs/a/properties/b',
    '#/~1',
  ],
]
const FORMATS = [
  'date',
  'time',
  'date-time',
  'uuid',
  'email',
  'uri',
  'hostname',
  'ipv4',
  'ipv6',
  'duration',
  'regex',
  'x',
  '',
]
/** What brought down or held up engines, and what people really write. */
const PATTERNS = [
  ...[
    '^(?=x)a$',
    '^*$',
    '[a-z]+',
    '^[a-z]+$',
    '^(a|b)*a(a|b){12}$',
    '(a*)*',
    '^((a?){1,20}){1,20}$',
    '\\d{3}-\\d{4}',
    '(a)\\1',
  ],
  ...[
    '[',
    '(',
    '^$',
    '$',
    '^',
    '',
    'a{2,1}',
    'a{99999}',
    '(?i)a',
    '\\bword\\b',
    '[^"]*',
    '.*".*',
    '^.{0,500}$',
    '\\p{L}+',
    '(|a)*',
  ],
  ...[
    '^\\S+@\\S+\\.\\S+$',
    '^https?://',
    '^(?!.*\\.\\.)[a-z.]+$',
    '[\\x00-\\x1f]',
    '^[^\\x20-\\x7e]$',
    '^\\u{1F600}$',
    '[]]',
    '[^]',
    '^"\\\\$',
  ],
]

/** Classes of Unicode: a few characters each, that mean hundreds of intervals. */
const CLASSES = [
  ...['\\p{L}', '\\P{L}', '\\p{Lu}', '\\p{N}', '\\p{M}', '\\p{Script=Han}', '\\p{S}', '\\P{Lo}'],
  ...['[^\\p{L}a]', '[\\p{L}\\p{M}]', '[^\\P{L}b]', "[\\p{L}' -]", '[\\P{L}\\p{M}]', '[^\\x00-\\u{2fff}]'],
]
const TIMES = ['', '', '', '+', '*', '?', '{3}', '{1,63}', '{0,300}', '{64}']

/** Long sequences of classes, each as it is or many times, and groups of them. */
function classes(random: Random): string {
  const one = (): string =>
    random() < 0.1
      ? `[^\\p{L}${String.fromCodePoint(0x4e00 + below(random, 5_000))}]`
      : `${oneOf(random, CLASSES)}${oneOf(random, TIMES)}`
  const body = Array.from({ length: 1 + below(random, random() < 0.2 ? 600 : 12) }, one).join('')
  const grouped = random() < 0.2 ? `((${body})${oneOf(random, TIMES)})${oneOf(random, TIMES)}` : body
  return random() < 0.5 ? `^${grouped}$` : grouped
}

/** A regular expression out of pieces, of which some do not fit. */
function pattern(random: Random, depth = 0): string {
  if (depth === 0 && random() < 0.15) return classes(random)
  if (random() < 0.3) return oneOf(random, PATTERNS)
  const piece = (): string => {
    const pick = random()
    if (depth < 4 && pick < 0.25) return `(${pattern(random, depth + 1)})`
    if (pick < 0.35)
      return oneOf(random, ['(?:', '(?=', '(?!', ')', '|', '^', '$', '[', ']', '{', '}', '\\', '(?<n>', '(?<='])
    if (pick < 0.55) return oneOf(random, ['*', '+', '?', '{2}', '{1,3}', '{0,}', '{0,300}', '*?', '{3,1}'])
    return oneOf(random, [
      'a',
      'b',
      '.',
      '[a-z]',
      '[^"\\\\]',
      '\\d',
      '\\w',
      '\\s',
      '\\.',
      '"',
      '/',
      'é',
      '-',
      '\\u0041',
      '[\\s\\S]',
    ])
  }
  const body = Array.from({ length: 1 + below(random, 5) }, piece).join('')
  return random() < 0.5 ? `^${body}$` : body
}

const count = (random: Random): unknown =>
  random() < 0.9 ? below(random, 8) : oneOf(random, [-1, 1.5, 300, 2_500, 10_000, 1e6, 1e30, '3', null, true])

const bound = (random: Random): unknown =>
  random() < 0.9
    ? oneOf(random, [0, 1, -1, 0.5, -0.25, 100, 1e9, 123.456, -99])
    : oneOf(random, [1e308, -1e308, 1e-300, 9_007_199_254_740_994, 1e16, '5', null, true, 0.1 + 0.2])

const value = (random: Random, depth = 0): unknown => {
  const pick = random()
  if (depth < 3 && pick < 0.1) return Array.from({ length: below(random, 3) }, () => value(random, depth + 1))
  if (depth < 3 && pick < 0.2) return { [oneOf(random, NAMES)]: value(random, depth + 1) }
  return oneOf(random, [null, true, false, 0, 1, -1.5, 1e21, 'a', 'é"\\\n', '', 'x'.repeat(200), '\u2028'])
}

function schema(random: Random, depth: number): unknown {
  if (depth <= 0 || random() < 0.05) return oneOf(random, [{}, true, false, { type: 'string' }, { type: 'null' }])
  if (random() < 0.02) return oneOf(random, [null, 5, 'object', [], [{}]])
  const inner = (): unknown => schema(random, depth - 1)
  const list = (): unknown[] => Array.from({ length: below(random, 4) }, inner)
  const map = (): Record<string, unknown> =>
    Object.fromEntries(Array.from({ length: below(random, 5) }, () => [oneOf(random, NAMES), inner()]))
  const keywords: Record<string, () => unknown> = {
    properties: map,
    required: () => Array.from({ length: below(random, 3) }, () => oneOf(random, NAMES)),
    additionalProperties: () => (random() < 0.5 ? random() < 0.5 : inner()),
    patternProperties: () => ({ [pattern(random)]: inner() }),
    propertyNames: inner,
    minProperties: () => count(random),
    maxProperties: () => count(random),
    items: () => (random() < 0.9 ? inner() : list()),
    prefixItems: list,
    minItems: () => count(random),
    maxItems: () => count(random),
    uniqueItems: () => random() < 0.5,
    minLength: () => count(random),
    maxLength: () => count(random),
    pattern: () => pattern(random),
    format: () => oneOf(random, FORMATS),
    minimum: () => bound(random),
    maximum: () => bound(random),
    exclusiveMinimum: () => bound(random),
    exclusiveMaximum: () => bound(random),
    multipleOf: () => bound(random),
    const: () => value(random),
    enum: () => Array.from({ length: below(random, 6) }, () => value(random)),
    anyOf: list,
    oneOf: list,
    allOf: list,
    not: inner,
    $ref: () => oneOf(random, REFERENCES),
    if: inner,
    contains: inner,
    description: () => value(random),
    default: () => value(random),
  }
  const names = Object.keys(keywords)
  const type =
    random() < 0.8 ? { type: random() < 0.95 ? oneOf(random, TYPES) : oneOf(random, [TYPES, [], 5, 'text']) } : {}
  const some = Array.from({ length: below(random, 4) }, () => oneOf(random, names))
  return { ...type, ...Object.fromEntries(some.map(name => [name, keywords[name]!()])) }
}

/** Schemas whose size or nesting is the attack. */
const large = (random: Random): unknown =>
  oneOf<() => unknown>(random, [
    () => ({ type: 'string', pattern: `^${'('.repeat(2_000)}a${')'.repeat(2_000)}$` }),
    () => ({ enum: Array.from({ length: 2_000 }, (_, i) => `v${i}`) }),
    () => ({ enum: Array.from({ length: 250 }, (_, i) => 'a'.repeat(i)) }),
    () => ({ type: 'object', properties: Object.fromEntries(Array.from({ length: 500 }, (_, i) => [`p${i}`, {}])) }),
    () => Array.from({ length: 30 }).reduce<unknown>(one => ({ type: 'array', items: one, minItems: 9 }), {}),
    () =>
      Array.from({ length: 8 }).reduce<unknown>(one => ({ anyOf: [one, { type: 'array', items: one }] }), {
        $ref: '#',
      }),
    () => ({
      allOf: Array.from({ length: 40 }, () => ({ anyOf: [{ type: 'string' }, { minLength: 1 }, { pattern: 'a' }] })),
    }),
    () => ({ type: 'string', minLength: 5_000, maxLength: 9_999 }),
    () => ({
      type: 'object',
      properties: Object.fromEntries(
        Array.from({ length: 60 }, (_, i) => [`p${i}`, { type: 'string', pattern: `^${'\\p{L}'.repeat(180)}$` }]),
      ),
    }),
    () =>
      Array.from({ length: 4 }).reduce<unknown>(
        one => ({ type: 'array', prefixItems: [{}], minItems: 60, items: one }),
        {},
      ),
    () => ({
      type: 'array',
      uniqueItems: true,
      items: { enum: Array.from({ length: 64 }, (_, i) => `${i}${'x'.repeat(900)}`) },
    }),
    () => ({
      type: 'object',
      properties: Object.fromEntries(
        Array.from({ length: 9 }, (_, i) => [`p${i}`, { type: 'string', pattern: classes(random) }]),
      ),
    }),
    () => ({ type: 'array', items: { type: 'string', maxLength: 500 }, maxItems: 500 }),
    () => ({
      $defs: Object.fromEntries(
        Array.from({ length: 400 }, (_, i) => [`d${i}`, i === 399 ? {} : { $ref: `#/$defs/d${i + 1}`, title: 'x' }]),
      ),
      $ref: '#/$defs/d0',
    }),
  ])()

/** The next schema, as the text of a job. */
export function nextSchema(random: Random): string {
  const root = random() < 0.005 ? large(random) : schema(random, 1 + below(random, 4))
  const definitions = random() < 0.4 ? { $defs: { a: schema(random, 2), b: schema(random, 2) } } : {}
  const whole =
    typeof root === 'object' && root !== null && !Array.isArray(root) ? { ...root, ...definitions } : { allOf: [root] }
  return JSON.stringify(whole)
}
