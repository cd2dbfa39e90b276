import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { type AddressInfo, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { type Address, type Hex, isHeddleError, randomBytes, signerOf, toHex } from '@heddle/protocol'
import type { ChainClient } from '../connect.ts'
import { connect, fund, keptInMemory, Outbox, readTokenBalance, rpc, sendFromFaucet, startDevnet } from '../index.ts'
import { broadcast, outcomeOf, readNonce, signCall } from './sign.ts'

const log = { info() {}, warn() {}, error() {} }

async function setup(t: TestContext) {
  const directory = mkdtempSync(join(tmpdir(), 'heddle-outbox-'))
  const devnet = await startDevnet({ directory, log })
  t.after(async () => {
    await devnet.stop()
    rmSync(directory, { recursive: true, force: true })
  })
  const secret = randomBytes(32)
  const { address } = signerOf(secret)
  await fund(devnet.url, devnet.token, address, 0n)
  return { devnet, client: connect(devnet.url, devnet.chainId), secret, address }
}

const somebody = (): Address => signerOf(randomBytes(32)).address
const nothingTo = (to: Address) => ({ to, data: '0x' as const })

test('many who fund at once all get what they were given', async t => {
  const { devnet, client } = await setup(t)
  const people = Array.from({ length: 40 }, somebody)
  await Promise.all(people.map(one => fund(devnet.url, devnet.token, one, 7n)))
  for (const one of people) assert.equal(await readTokenBalance(client, devnet.token, one), 7n)
})

test('outboxes of one key send one after another, without a gap in the numbers', async t => {
  const { client, secret, address } = await setup(t)
  const store = keptInMemory()
  const boxes = [store, store, keptInMemory(), keptInMemory()].map(kept => new Outbox({ client, secret, store: kept }))
  const hashes = await Promise.all(
    Array.from({ length: 24 }, (_, i) => boxes[i % boxes.length]!.send({ i }, nothingTo(somebody()))),
  )
  assert.equal(new Set(hashes).size, 24)
  assert.equal(await readNonce(client, address), 24)
})

test('a number that another program took meanwhile is not waited for: the next one is used', async t => {
  const { client, secret, address, devnet } = await setup(t)
  const store = keptInMemory()
  let taken = 0
  const racing = {
    ...store,
    async keep(transaction: Parameters<typeof store.keep>[0]) {
      await store.keep(transaction)
      if (transaction.state !== 'sent' || taken++ > 1) return
      // Signed under the same number, by who has the same key, and in a block before ours is sent.
      const other = await signCall(client, secret, transaction.nonce, nothingTo(somebody()))
      await broadcast(client, other)
      await inBlock(client, other.hash)
    },
  }
  const hash = await new Outbox({ client, secret, store: racing }).send({}, nothingTo(somebody()))
  const states = (await store.all()).map(({ state, nonce }) => [nonce, state])
  assert.deepEqual(states, [
    [0, 'failed'],
    [1, 'failed'],
    [2, 'mined'],
  ])
  assert.equal((await store.all()).at(-1)!.hash, hash)
  assert.equal(await readNonce(client, address), 3)
  await rpc(devnet.url, 'evm_setAutomine', [false])
  // One that waits in the pool, under the number that is next.
  await broadcast(client, await signCall(client, secret, 3, nothingTo(somebody())))
  const behind = new Outbox({ client, secret }).send({}, nothingTo(somebody()))
  await rpc(devnet.url, 'evm_setAutomine', [true])
  await rpc(devnet.url, 'evm_mine', [])
  await behind
  assert.equal(await readNonce(client, address), 5)
})

/** The chain takes a transaction before it has made a block of it. */
async function inBlock(client: ChainClient, hash: Hex): Promise<void> {
  while (!(await outcomeOf(client, hash))) await new Promise(resolve => setTimeout(resolve, 20))
}

/** A chain on which a transaction is in a block by the time at which it is sent: so it says that its number is used up. */
const quicker = (client: ChainClient): ChainClient =>
  new Proxy(client, {
    get(target, name) {
      if (name !== 'sendRawTransaction') return Reflect.get(target, name)
      return async (sent: Parameters<ChainClient['sendRawTransaction']>[0]) => {
        await inBlock(target, await target.sendRawTransaction(sent))
        throw new Error('nonce too low')
      }
    },
  })

test('one that got into a block between two looks is not written down as failed: nothing looks at those again', async t => {
  const { client, secret, address } = await setup(t)
  const store = keptInMemory()
  const outbox = new Outbox({ client: quicker(client), secret, store })
  const lost = await signCall(client, secret, 0, nothingTo(somebody()))
  await store.keep({ ...lost, purpose: '{}', state: 'sent' })
  await outbox.recover({ reorganised: false })
  assert.deepEqual(
    (await store.all()).map(({ state }) => state),
    ['mined'],
  )
  await outbox.send({}, nothingTo(somebody()))
  assert.deepEqual(
    (await store.all()).map(({ state }) => state),
    ['mined', 'mined'],
  )
  assert.equal(await readNonce(client, address), 2)
})

test('what the contract refuses leaves no gap behind', async t => {
  const { client, secret, devnet, address } = await setup(t)
  const outbox = new Outbox({ client, secret })
  const mint = { to: devnet.token, data: `0x40c10f19${'00'.repeat(64)}` as const }
  const refused = outbox.send({}, mint)
  const fine = outbox.send({}, nothingTo(somebody()))
  await assert.rejects(refused, error => isHeddleError(error, 'chain_reverted'))
  await fine
  assert.equal(await readNonce(client, address), 1)
})

test('there is no faucet on a chain that is no devnet', async () => {
  const server = createServer(socket => {
    const body = '{"jsonrpc":"2.0","id":1,"result":"0x1"}'
    socket.once('data', () => socket.end(`HTTP/1.1 200 OK\r\ncontent-length: ${body.length}\r\n\r\n${body}`))
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  await assert.rejects(sendFromFaucet(url, { data: toHex(randomBytes(4)) }), error =>
    isHeddleError(error, 'chain_wrong'),
  )
  server.close()
})
