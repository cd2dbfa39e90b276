import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { type Automaton, accepts, automatonOf } from './automaton.ts'
import { Exhausted, startBudget } from './budget.ts'
import { PatternRefused, readPattern } from './pattern.ts'

const machineOf = (source: string, length: { min?: number; max?: number } = {}) =>
  automatonOf(readPattern(source), length, startBudget(400_000))

const PATTERNS = [
  ...['^[a-z]+$', '[a-z]+', '^a', 'b$', 'a|^b$|c', '^(?:a|b)*c$', '(^ab?$)', '^$', '$', '^', '', 'a*', '^(a*)*$'],
  ...['^(a|b|ab)*$', '^a{2,3}b{2}c{1,}$', '^.$', '^..?$', '^[^a-c]$', '^[\\d\\-_]+$', '^\\w+\\s\\S$', '^\\.\\/$'],
  ...[
    '^(?!b)[a-c]+$',
    '^(?=.*a)(?=.*b).{2,4}$',
    '^(?!.*aa)[abc]*$',
    '^(?!a$)a*$',
    '^(?:(?:a|b){2}){2}$',
    '^\\u0061[\\x62-c]$',
  ],
  ...[
    '^(?<n>a)b$',
    '^a{0}b$',
    '^[a-]$',
    '^[-a]$',
    'a{',
    '^{a}$',
    '^]$',
    '^[.]$',
    '^a+?b*?$',
    '^\\p{Lu}\\p{Ll}*$',
    '^[^\\p{L}]$',
  ],
]
const texts = fc.oneof(
  fc.string({ unit: fc.constantFrom(...'abcd-_.1/ Aé{}]'), maxLength: 6 }),
  fc.string({ unit: 'grapheme', maxLength: 3 }).filter(one => !/[\p{Cc}\u{10000}-\u{10ffff}]/u.test(one)),
)

test('a machine reads what the regular expression matches', () => {
  const machines = PATTERNS.map(source => ({ source, machine: machineOf(source), own: own(source) }))
  fc.assert(
    fc.property(fc.constantFrom(...machines), texts, ({ source, machine, own: matches }, text) => {
      assert.equal(accepts(machine, text), matches.test(text), `${source} on ${JSON.stringify(text)}`)
    }),
    { numRuns: 4_000 },
  )
})

/** As JavaScript reads it; without `u` where only that lets a lone bracket stand. */
function own(source: string): RegExp {
  try {
    return new RegExp(source, 'u')
  } catch {
    return new RegExp(source)
  }
}

test('a length is in characters, and holds together with the pattern', () => {
  const machine = machineOf('^(ab)*$', { min: 3, max: 6 })
  for (const [text, is] of [
    ['', false],
    ['ab', false],
    ['abab', true],
    ['ababab', true],
    ['abababab', false],
  ] as const)
    assert.equal(accepts(machine, text), is, text)
  assert.ok(accepts(machineOf('^.*$', { min: 2, max: 2 }), '🙂🙂'))
  assert.equal(machineOf('^(ab)*$', { min: 3, max: 3 }), undefined)
  assert.equal(machineOf('^(?!a)a$'), undefined)
})

test('what is no regular language, or not understood, is refused in words', () => {
  for (const source of [
    ...['(a)\\1', '(?<=a)b', '(?<!a)b', '\\bword\\b', 'a(?=b)', '(?i)a', '^*$', '+', 'a**', '(a', 'a)', '[a', '[b-a]'],
    ...[
      '[\\d-z]',
      'a\\',
      '\\p{Nothing}',
      '\\q',
      'a^b',
      'a$b',
      '(?:^a)b|c',
      '^(?!\\p{L})a$',
      '{3}',
      'a{3,2}',
      'a{9999}',
    ],
    ...[
      `^${'('.repeat(20_000)}a${')'.repeat(20_000)}$`,
      `^${'('.repeat(1_000)}a${')'.repeat(1_000)}$`,
      '\\k<a>',
      '\\cA',
    ],
  ])
    assert.throws(() => readPattern(source), PatternRefused, source.slice(0, 40))
})

test('what has no small machine is given up soon', () => {
  for (const source of [
    '^(a|b)*a(a|b){20}$',
    '^((a{1,100}){1,100}){1,100}$',
    '(x+x+)+y'.repeat(300),
    '^(\\w{0,999}){4}$',
  ])
    assert.throws(
      () => machineOf(source),
      error => error instanceof Exhausted || error instanceof PatternRefused,
      source.slice(0, 40),
    )
})

test('any generated pattern has a machine of exactly its texts, or none at all', () => {
  const { pattern } = fc.letrec<{ pattern: string }>(tie => ({
    pattern: fc.oneof(
      { maxDepth: 4 },
      fc.constantFrom('a', 'b', '.', '[ab]', '[^a]', '\\d', 'é'),
      fc.tuple(tie('pattern'), tie('pattern')).map(([a, b]) => a + b),
      fc.tuple(tie('pattern'), tie('pattern')).map(([a, b]) => `(?:${a}|${b})`),
      fc.tuple(tie('pattern'), fc.constantFrom('*', '+', '?', '{2}', '{1,3}', '{0,}')).map(([a, b]) => `(${a})${b}`),
    ),
  }))
  fc.assert(
    fc.property(
      pattern,
      fc.constantFrom('', '^', '$', '^$'),
      fc.array(texts, { minLength: 8 }),
      (body, ends, given) => {
        const source = `${ends.includes('^') ? '^' : ''}${body}${ends.includes('$') ? '$' : ''}`
        let machine: Automaton | undefined
        try {
          machine = machineOf(source)
        } catch (error) {
          if (error instanceof Exhausted) return
          throw error
        }
        for (const text of given)
          assert.equal(
            accepts(machine, text),
            new RegExp(source, 'u').test(text),
            `${source} on ${JSON.stringify(text)}`,
          )
      },
    ),
    { numRuns: 500 },
  )
})
