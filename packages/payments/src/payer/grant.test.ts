import assert from 'node:assert/strict'
import { test } from 'node:test'
import { fixture } from '@heddle/testing'
import { recoverGrant, signGrant } from './grant.ts'

const { domain, keyOf, parties, wordOf } = fixture
const terms = { id: wordOf(1), name: 'a key', cap: 10n ** 20n, created: 1_800_000_000, terms: '{"policy":"own-only"}' }
const row = { ...terms, spent: 0n, grant: signGrant(domain, terms, parties.authorizer) }

test('a grant is recovered to who signed it, whatever was spent', () => {
  assert.equal(recoverGrant(domain, row), parties.authorizer.address)
  assert.equal(recoverGrant(domain, { ...row, spent: 5n }), parties.authorizer.address)
})

test('a grant whose cap, name, time, terms, id, chain or signature was altered is nobody’s', () => {
  const { address } = parties.authorizer
  for (const change of [
    { cap: 10n ** 21n },
    { name: 'b' },
    { created: 1 },
    { id: wordOf(2) },
    { terms: '{"policy":"own-first"}' },
    { terms: '' },
    { grant: 'not hex' },
    { grant: '' },
  ]) {
    assert.notEqual(recoverGrant(domain, { ...row, ...change }), address)
  }
  assert.notEqual(recoverGrant({ ...domain, chainId: 1 }, row), address)
  assert.notEqual(recoverGrant(domain, { ...row, grant: signGrant(domain, terms, keyOf(9)) }), address)
})

test('a grant from before there were terms is good, and only without any', () => {
  const plain = { ...terms, terms: '' }
  const old = { ...plain, spent: 0n, grant: signGrant(domain, plain, parties.authorizer) }
  assert.equal(recoverGrant(domain, old), parties.authorizer.address)
  assert.notEqual(recoverGrant(domain, { ...old, terms: '{}' }), parties.authorizer.address)
})
