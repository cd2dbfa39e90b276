import assert from 'node:assert/strict'
import { test } from 'node:test'
import { fixture, type Json, mutationsOf } from '@heddle/testing'
import {
  askedAt,
  canonical,
  digestOf,
  jobId,
  jobRequestSchema,
  recoverJob,
  requestDigest,
  type SignedJob,
  seedOf,
  signedJobSchema,
  signedJobText,
  signJob,
  signJobs,
} from '../index.ts'

const { domain, job, keyOf, overTheWire, parties, wordOf } = fixture
const signed = signJob(domain, job, parties.authorizer)

test("a job is signed by the channel's authorizer, in one domain", () => {
  assert.equal(recoverJob(domain, signed), parties.authorizer.address)
  assert.notEqual(recoverJob({ ...domain, chainId: 1 }, signed), parties.authorizer.address)
  assert.notEqual(recoverJob(domain, signJob(domain, job, keyOf(9))), parties.authorizer.address)
})

test('a job that differs in any place has another id, and no signature', () => {
  for (const { path, value } of mutationsOf(job as unknown as Json)) {
    const changed = overTheWire(value)
    const parsed = jobRequestSchema.safeParse(changed)
    if (!parsed.success) continue
    assert.notEqual(jobId(parsed.data), jobId(job), path)
    const forged: SignedJob = { job: parsed.data, signature: signed.signature }
    assert.notEqual(recoverJob(domain, forged), parties.authorizer.address, path)
  }
  assert.ok(signedJobSchema.safeParse(overTheWire(signed)).success)
})

test('the id of a job is the digest of its RFC 8785 form', () => {
  assert.equal(jobId(job), digestOf(canonical(overTheWire(job))))
  const reversed = Object.fromEntries(Object.entries(job).reverse()) as typeof job
  assert.equal(jobId(reversed), jobId(job))
})

test('a seed is fixed by the request and the nonce, and by nothing else', () => {
  const request = requestDigest(job.spec)
  assert.equal(seedOf(request, job.nonce), seedOf(requestDigest(overTheWire(job.spec)), job.nonce))
  assert.notEqual(seedOf(request, job.nonce), seedOf(request, wordOf(9)))
  assert.notEqual(seedOf(request, job.nonce), seedOf(wordOf(9), job.nonce))
  assert.notEqual(seedOf(request, job.nonce), seedOf(job.nonce, request))
})

test('when a job was asked is told by its signed expiry', () => {
  assert.equal(askedAt({ ...job, expires: 1_800_000_600 }), 1_800_000_000_000)
})

test('one signature covers a batch of jobs, each at its own place and no other', () => {
  const jobs = Array.from({ length: 5 }, (_, i) => ({ ...job, nonce: wordOf(i + 1) }))
  const batch = signJobs(domain, jobs, parties.authorizer)
  assert.equal(new Set(batch.map(one => one.signature)).size, 1)
  for (const [i, one] of batch.entries()) {
    assert.equal(recoverJob(domain, one), parties.authorizer.address)
    assert.ok(signedJobSchema.safeParse(overTheWire(one)).success)
    assert.equal(signedJobText(one), canonical(overTheWire(one)))
    const other = batch[(i + 1) % batch.length]!
    assert.notEqual(recoverJob(domain, { ...one, path: other.path! }), parties.authorizer.address)
    assert.notEqual(recoverJob(domain, { ...one, job: { ...one.job, limit: '1' } }), parties.authorizer.address)
    assert.notEqual(recoverJob(domain, { job: one.job, signature: one.signature }), parties.authorizer.address)
  }
})

test('a batch of one is a lone job: no job has a second form', () => {
  const [lone] = signJobs(domain, [job], parties.authorizer)
  assert.deepEqual(lone, signed)
  assert.equal(signedJobText(signed), canonical(overTheWire(signed)))
  const dressed = { ...signed, path: { index: 0, size: 1, siblings: [] } }
  assert.equal(recoverJob(domain, dressed), undefined)
})

test('every change of a path is refused', () => {
  const batch = signJobs(domain, [job, { ...job, nonce: wordOf(2) }, { ...job, nonce: wordOf(3) }], parties.authorizer)
  const one = batch[1]!
  for (const { path, value } of mutationsOf(one.path as unknown as Json)) {
    const changed = signedJobSchema.safeParse({ ...one, path: overTheWire(value) })
    if (changed.success)
      assert.notEqual(recoverJob(domain, changed.data as SignedJob), parties.authorizer.address, path)
  }
})
