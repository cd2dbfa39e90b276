import assert from 'node:assert/strict'
import { test } from 'node:test'
import { recoverJob } from '@heddle/protocol'
import { fixture } from '@heddle/testing'
import { JobSigner } from './job-signer.ts'

const { domain, job, parties, wordOf } = fixture
const jobs = (count: number) => Array.from({ length: count }, (_, i) => ({ ...job, nonce: wordOf(i + 1) }))
const setup = () => new JobSigner({ domain, authorizer: parties.authorizer })

test('a lone question is signed by itself', async () => {
  const signed = await setup().sign(job)
  assert.equal(signed.path, undefined)
  assert.equal(recoverJob(domain, signed), parties.authorizer.address)
})

test('what is asked in one turn is signed once, and each signature is good', async () => {
  const signer = setup()
  const signed = await Promise.all(jobs(20).map(one => signer.sign(one)))
  assert.equal(signer.signatures(), 1)
  for (const [i, one] of signed.entries()) {
    assert.equal(one.job.nonce, wordOf(i + 1))
    assert.equal(recoverJob(domain, one), parties.authorizer.address)
  }
})

test('no path grows without bound: a long queue takes several signatures', async () => {
  const signer = setup()
  const signed = await Promise.all(jobs(150).map(one => signer.sign(one)))
  assert.equal(signer.signatures(), 3)
  assert.ok(signed.every(one => recoverJob(domain, one) === parties.authorizer.address))
})

test('a key that cannot sign fails those who asked, and no one after them', async () => {
  let broken = true
  const authorizer = {
    ...parties.authorizer,
    sign(digest: Uint8Array) {
      if (broken) throw new Error('no key')
      return parties.authorizer.sign(digest)
    },
  }
  const signer = new JobSigner({ domain, authorizer })
  await assert.rejects(signer.sign(job), /no key/)
  broken = false
  assert.equal(recoverJob(domain, await signer.sign(job)), parties.authorizer.address)
})
