import { test } from 'node:test'
import fc from 'fast-check'
import { meet, openLedgers } from './testing/parties.ts'
import { MOST_NAMED, type Step, Story } from './testing/story.ts'

const at = fc.nat(5)
const steps: fc.Arbitrary<Step[]> = fc.array(
  fc.oneof(
    { weight: 2, arbitrary: fc.record({ do: fc.constant('deposit' as const), amount: fc.nat(3_000), job: at }) },
    { weight: 6, arbitrary: fc.record({ do: fc.constant('ask' as const), amount: fc.nat(700), job: at }) },
    { weight: 2, arbitrary: fc.record({ do: fc.constant('ask' as const), amount: fc.constant(0), job: at }) },
    { weight: 1, arbitrary: fc.record({ do: fc.constant('others are named' as const), amount: fc.nat(4) }) },
    { weight: 6, arbitrary: fc.record({ do: fc.constant('chunk' as const), amount: fc.nat(400), job: at }) },
    { weight: 5, arbitrary: fc.record({ do: fc.constantFrom('finish' as const, 'arrive' as const), job: at }) },
    { weight: 1, arbitrary: fc.record({ do: fc.constant('abandon' as const), job: at }) },
    {
      weight: 1,
      arbitrary: fc.record({
        do: fc.constantFrom(
          'restart payer' as const,
          'restart receiver' as const,
          'payer disk full' as const,
          'receiver disk full' as const,
        ),
      }),
    },
  ),
  { minLength: 10, maxLength: 60, size: 'max' },
)

test('payer and receiver, through any story of jobs, crashes and full disks, keep to the money’s rules', async t => {
  const ledgers = await openLedgers(t)
  await fc.assert(
    fc.asyncProperty(steps, async all => {
      const story = new Story(await meet(ledgers, 0n, 0, MOST_NAMED))
      for (const step of all) await story.step(step)
      await story.end()
    }),
    { numRuns: 40, endOnFailure: true },
  )
})
