import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Question } from '@heddle/protocol'
import { fixture } from '@heddle/testing'
import { ruleAgainst } from './sale.ts'

const question = (routing: Question['routing'] = {}): Question => ({
  workload: 'inference',
  models: [fixture.offer.serves.name],
  spec: {},
  routing,
})

test('whoever wants a provider that was found honest does not get one that vouches for itself', () => {
  assert.equal(ruleAgainst(fixture.offer, question({ minHonestRate: 0 })), 'min_honest_rate')
  assert.equal(ruleAgainst(fixture.offer, question({})), undefined)
})
