import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { aucOf, type Example, tellApart } from '../../bench/checks/canaries/classifier.ts'
import { type Features, GROUPS, type Group } from '../../bench/checks/canaries/features.ts'
import { randomFrom, wait } from '../../bench/checks/canaries/words.ts'

const none: Features = { numbers: {}, words: new Map() }

/** Jobs of one provider; `tell` says what of each can be seen. */
function jobsOf(seed: number, count: number, tell: (isCanary: boolean, random: () => number) => [Group, Features]) {
  const random = randomFrom(seed)
  return Array.from({ length: count }, (): Example => {
    const isCanary = random() < 0.2
    const [group, features] = tell(isCanary, random)
    const blank = Object.fromEntries(GROUPS.map(one => [one, none])) as Record<Group, Features>
    return { isCanary, features: { ...blank, [group]: features } }
  })
}

test('the AUC is the share of pairs in the right order, equal ones by half', () => {
  const scored = fc.array(fc.record({ score: fc.integer({ min: 0, max: 9 }), isCanary: fc.boolean() }), {
    minLength: 2,
    maxLength: 40,
  })
  fc.assert(
    fc.property(scored, list => {
      const [canaries, others] = [true, false].map(kind => list.filter(({ isCanary }) => isCanary === kind))
      if (canaries!.length === 0 || others!.length === 0) return
      const pairs = canaries!.flatMap(a => others!.map(b => (a.score > b.score ? 1 : a.score === b.score ? 0.5 : 0)))
      const wanted = pairs.reduce<number>((sum, one) => sum + one, 0) / pairs.length
      const { value, low, high } = aucOf(list)
      assert.ok(Math.abs(value - wanted) < 1e-9)
      assert.ok(low <= value && value <= high)
    }),
  )
})

test('a number that is a little larger, a gap in the middle, a word and a letter are seen; noise is not', () => {
  const seeing: [name: string, least: number, tell: Parameters<typeof jobsOf>[2]][] = [
    ['a shift', 0.85, (is, r) => ['timing', { numbers: { gap: wait(1, r) + (is ? 3 : 0) }, words: new Map() }]],
    [
      'neither small nor large',
      0.85,
      (is, r) => ['length', { numbers: { n: is ? 5 + r() : r() * 10 }, words: new Map() }],
    ],
    [
      'a word now and then',
      0.75,
      (is, r) => ['content', { numbers: {}, words: new Map([[is && r() < 0.7 ? 'tides' : `w${r()}`, 1]]) }],
    ],
  ]
  for (const [name, least, tell] of seeing) {
    const { value } = tellApart([jobsOf(1, 800, tell), jobsOf(2, 800, tell)], GROUPS)
    assert.ok(value > least, `${name}: ${value}`)
  }
  const noise = jobsOf(3, 2_000, (_, r) => ['timing', { numbers: { gap: r() }, words: new Map([[`w${r()}`, 1]]) }])
  const { value, low, high } = tellApart([noise], GROUPS)
  assert.ok(low < 0.5 && 0.5 < high, `${value}`)
})

test('what only one provider sees is not learnt from another', () => {
  const by = (word: string): Parameters<typeof jobsOf>[2] => {
    return is => ['content', { numbers: {}, words: new Map([[is ? word : `not ${word}`, 1]]) }]
  }
  const [one, other] = [jobsOf(1, 400, by('a')), jobsOf(2, 400, (is, r) => by('a')(!is, r))]
  assert.ok(tellApart([one, other], ['content']).value > 0.99)
})
