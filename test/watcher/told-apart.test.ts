import assert from 'node:assert/strict'
import { test } from 'node:test'
import { GROUPS, tellApart, watchCanaries } from '../../bench/checks/canaries.ts'

test('a clumsy canary is told apart by whoever looks; one that asks again what others asked is not so', async t => {
  const clumsy = await watchCanaries(t, { content: 'clumsy', minutes: 16, canariesPerHour: 600 })
  const seen = tellApart(clumsy.providers, GROUPS)
  assert.equal(clumsy.failed, 0)
  assert.ok(seen.canaries >= 20 && seen.value >= 0.9, `the classifier is blind: ${JSON.stringify(seen)}`)

  const shared = await watchCanaries(t, { content: 'traffic', minutes: 20, canariesPerHour: 900 })
  assert.equal(shared.failed, 0)
  // No setting, no order of fields and no cache tag that ordinary requests never have.
  const settings = (isCanary: boolean): Set<string> =>
    new Set(
      shared.providers
        .flat()
        .filter(one => one.isCanary === isCanary)
        .flatMap(({ features }) => [...features.settings.words.keys()].filter(word => !word.startsWith('seed '))),
    )
  const ordinary = settings(false)
  assert.deepEqual(
    [...settings(true)].filter(word => !ordinary.has(word)),
    [],
  )
  const { value, canaries } = tellApart(shared.providers, GROUPS)
  t.diagnostic(`${canaries} canaries, ${value}; ${seen.canaries}, ${seen.value}`)
  assert.ok(canaries >= 30, `${canaries} canaries`)
  assert.ok(value < seen.value - 0.1, `${value} against ${seen.value}`)
})
