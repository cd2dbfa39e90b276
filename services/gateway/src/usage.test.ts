import assert from 'node:assert/strict'
import { test } from 'node:test'
import { isHeddleError } from '@heddle/protocol'
import fc from 'fast-check'
import { momentOf, sumsOf, type UsageRow, usageToCsv } from './usage.ts'

const row = fc.record({
  key: fc.constantFrom('a', 'b', 'c'),
  day: fc.integer({ min: 1, max: 28 }),
  prompt: fc.nat(1_000),
  completion: fc.nat(1_000),
  charge: fc.bigInt(0n, 10n ** 24n),
})

test('sums by key and by day both come to the whole, exactly', () => {
  fc.assert(
    fc.property(fc.array(row, { maxLength: 30 }), made => {
      const rows = made.map(
        ({ key, day, prompt, completion, charge }): UsageRow => ({
          time: `2026-02-${String(day).padStart(2, '0')}T12:00:00.000Z`,
          key,
          model: 'm',
          provider: '0x',
          own: false,
          used: { prompt: `${prompt}`, completion: `${completion}` },
          charge: `${charge}`,
          hed: '',
          receipt: '0x',
          finish: 'stop',
        }),
      )
      const { keys, days, total } = sumsOf(rows)
      const words = made.reduce((sum, one) => sum + BigInt(one.prompt), 0n)
      if (made.length > 0) assert.equal(BigInt(total.used['prompt']!), words)
      const charged = made.reduce((sum, one) => sum + one.charge, 0n)
      assert.equal(BigInt(total.charge), charged)
      for (const groups of [keys, days]) {
        assert.equal(
          groups.reduce((sum, one) => sum + BigInt(one.charge), 0n),
          charged,
        )
        assert.equal(
          groups.reduce((sum, one) => sum + one.requests, 0),
          rows.length,
        )
      }
      const names = days.map(one => one.day)
      assert.deepEqual(names, [...new Set(names)].sort())
    }),
  )
})

test('rows of several workloads have a column for every unit that occurs', () => {
  const row = { time: 't', key: 'k', model: 'm', provider: '0x', own: false, hed: '0', receipt: '0x', finish: 'stop' }
  const csv = usageToCsv([
    { ...row, used: { prompt: '3', completion: '5' }, charge: '8' },
    { ...row, used: { byte: '7', second: '2' }, charge: '9' },
  ])
  const [head, first, second] = csv.split(/\r?\n/)
  assert.equal(head, 'time,key,model,provider,own,prompt,completion,byte,second,charge,hed,receipt,finish')
  assert.match(first!, /,3,5,0,0,8,/)
  assert.match(second!, /,0,0,7,2,9,/)
})

test('a moment is a date or a time, or nothing', () => {
  assert.equal(momentOf('from', '2026-01-02'), Date.UTC(2026, 0, 2))
  assert.equal(momentOf('from', '2026-01-02T03:04:05Z'), Date.UTC(2026, 0, 2, 3, 4, 5))
  assert.equal(momentOf('from', null), undefined)
  for (const text of ['yesterday', '5', '2026', '2026-13-01']) {
    assert.throws(
      () => momentOf('from', text),
      error => isHeddleError(error, 'bad_request'),
    )
  }
})
