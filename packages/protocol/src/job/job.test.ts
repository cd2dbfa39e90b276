import assert from 'node:assert/strict'
import { test } from 'node:test'
import { fixture, type Json, mutationsOf } from '@heddle/testing'
import {
  askedAt,
  jobId,
  jobRequestSchema,
  recoverJob,
  recoverRead,
  requestDigest,
  type SignedJob,
  seedOf,
  signedJobSchema,
  signJob,
  signRead,
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

test("leave to read a channel's jobs is for that channel, in one domain, and is no other signature", () => {
  const leave = signRead(domain, job.channel, parties.authorizer)
  assert.equal(recoverRead(domain, job.channel, leave), parties.authorizer.address)
  assert.notEqual(recoverRead(domain, wordOf(9), leave), parties.authorizer.address)
  assert.notEqual(recoverRead({ ...domain, chainId: 1 }, job.channel, leave), parties.authorizer.address)
  assert.notEqual(recoverRead(domain, jobId(job), signed.signature), parties.authorizer.address)
})
