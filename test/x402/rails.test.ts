import assert from 'node:assert/strict'
import { test } from 'node:test'
import { readTokenDomain } from '@heddle/chain'
import {
  type Channel,
  channelId,
  domainOf,
  type ErrorCode,
  fromHex,
  type Hex,
  isHeddleError,
  offerDigest,
  randomBytes,
  type SignedOffer,
  signDeposit,
  signerOf,
  signJob,
  signVoucher,
  toHex,
  WIRE_VERSION,
} from '@heddle/protocol'
import { anybodyAt, post, type Stage, send, startStage } from '../faults/stage.ts'
import { channelOf, restart } from './books.ts'
import { ask, payingClient, paymentOf, question, receiptOf } from './client.ts'

const is = (code: ErrorCode) => (error: unknown) => isHeddleError(error, code)

/** The same key's side of Heddle's own calls, on the channel that x402's client makes of it. */
async function nativeSide({ url, offer, devnet, client }: Stage, secret: Hex) {
  const signer = signerOf(fromHex(secret))
  const domain = domainOf(offer)
  const channel: Channel = {
    payer: signer.address,
    payerAuthorizer: signer.address,
    receiver: offer.receiver,
    receiverAuthorizer: offer.receiverAuthorizer,
    token: offer.asset,
    withdrawDelay: offer.withdrawDelay,
    salt: `0x${'00'.repeat(32)}`,
  }
  const id = channelId(domain, channel)
  const tokenDomain = await readTokenDomain(client, devnet.token)
  return {
    id,
    name: () => anybodyAt(url, domain).call('channel', { id, channel }),
    open: () =>
      anybodyAt(url, domain).call('channel', {
        id,
        channel,
        deposit: signDeposit(
          tokenDomain,
          id,
          { amount: '5000', validBefore: Math.floor(Date.now() / 1000) + 600, salt: toHex(randomBytes(32)) },
          signer,
        ),
        voucher: signVoucher(domain, id, 1_000n, signer),
      }),
    raise: (ceiling: bigint) => anybodyAt(url, domain).call('voucher', signVoucher(domain, id, ceiling, signer)),
    async ask() {
      const { offers } = (await send(url, 'GET', '/heddle/1/offers', undefined)) as { offers: SignedOffer[] }
      const messages = [{ role: 'user', content: 'weave' }]
      const spec = { task: 'chat', messages, maxCompletion: 16, temperature: 0, topP: 1, stop: [] }
      const job = {
        version: WIRE_VERSION,
        channel: id,
        offer: offerDigest(offers[0]!.offer),
        workload: 'inference',
        spec,
        nonce: toHex(randomBytes(32)),
        limit: '1000',
        expires: Math.floor(Date.now() / 1000) + 600,
      } as const
      return post({ url, domain }, signJob(domain, job, signer))
    },
  }
}

test("a channel that was paid over x402 takes none of Heddle's own calls, also after a restart", async t => {
  const stage = await startStage(t, { script: { tokens: 5 } })
  const client = await payingClient(stage)
  assert.equal((await ask(stage, client)).status, 200)
  const native = await nativeSide(stage, client.secret)
  const refused = async (): Promise<void> => {
    await assert.rejects(native.ask(), is('rail_mixed'))
    await assert.rejects(native.raise(2_000n), is('rail_mixed'))
    await assert.rejects(native.name(), is('rail_mixed'))
    await assert.rejects(native.open(), is('rail_mixed'))
  }
  await refused()
  await restart(t, stage)
  await refused()
  assert.equal(channelOf(stage, native.id).charged, '60')
  const next = await ask(stage, client, question({ temperature: 0 }))
  assert.equal(receiptOf(stage, paymentOf(next)).charged, '120')
})

test("a channel that was paid by Heddle's own calls takes no payment over x402, also after a restart", async t => {
  const stage = await startStage(t, { script: { tokens: 5 } })
  const client = await payingClient(stage)
  const native = await nativeSide(stage, client.secret)
  await native.open()
  assert.ok((await native.ask()).receipt)
  const refused = async (): Promise<void> => {
    const response = await ask(stage, client)
    assert.equal(response.status, 409)
    assert.equal(((await response.json()) as { error: { code: string } }).error.code, 'rail_mixed')
  }
  await refused()
  await restart(t, stage)
  await refused()
  assert.ok((await native.ask()).receipt)
})

test('who only names a channel of somebody else does not keep them from x402', async t => {
  const stage = await startStage(t, { script: { tokens: 5 } })
  const client = await payingClient(stage)
  await (await nativeSide(stage, client.secret)).name()
  assert.equal((await ask(stage, client)).status, 200)
})
