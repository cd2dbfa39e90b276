import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { type AddressInfo, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import {
  type Channel,
  channelId,
  type Hex,
  isHeddleError,
  randomBytes,
  SETTLEMENT_ADDRESS,
  signDeposit,
  signerOf,
  signVoucher,
  toHex,
} from '@heddle/protocol'
import {
  type BlockMark,
  broadcast,
  type ChainEvent,
  checkChain,
  claimCall,
  connect,
  depositCall,
  type FollowedChain,
  foldEvents,
  followOnce,
  fund,
  keptInMemory,
  Outbox,
  readChannel,
  readEvents,
  readTokenBalance,
  readTokenDomain,
  type Sendable,
  settleCall,
  startDevnet,
} from '../index.ts'
import { outcomeOf } from '../transactions/sign.ts'

const log = { info() {}, warn() {}, error() {} }

const freePort = (): Promise<number> =>
  new Promise(resolve => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo
      server.close(() => resolve(port))
    })
  })

/** The state is saved every 50 milliseconds, or so seldom that only who asks for it has it saved. */
async function setup(t: TestContext, interval = 50) {
  const directory = mkdtempSync(join(tmpdir(), 'heddle-devnet-'))
  const port = await freePort()
  const devnet = await startDevnet({ directory, port, log, interval })
  t.after(async () => {
    await devnet.stop()
    rmSync(directory, { recursive: true, force: true })
  })
  return { devnet, directory, port, client: connect(devnet.url, devnet.chainId) }
}

function remember(): FollowedChain & { events: ChainEvent[] } {
  let marks: BlockMark[] = []
  const seen = {
    events: [] as ChainEvent[],
    marks: async () => marks,
    async apply({ cut, mark, events }: Parameters<FollowedChain['apply']>[0]) {
      if (cut !== undefined) {
        seen.events = seen.events.filter(event => event.block < cut)
        marks = marks.filter(known => known.number < cut)
      }
      seen.events.push(...events)
      marks = [mark, ...marks.filter(known => known.number !== mark.number)]
    },
  }
  return seen
}

async function openChannel({ devnet, client }: Awaited<ReturnType<typeof setup>>) {
  const payer = signerOf(randomBytes(32))
  const secret = randomBytes(32)
  const receiver = signerOf(secret)
  await fund(devnet.url, devnet.token, payer.address, 1_000n)
  await fund(devnet.url, devnet.token, receiver.address, 0n)
  const channel: Channel = {
    payer: payer.address,
    payerAuthorizer: payer.address,
    receiver: receiver.address,
    receiverAuthorizer: receiver.address,
    token: devnet.token,
    withdrawDelay: 3600,
    salt: toHex(randomBytes(32)),
  }
  const domain = { chainId: devnet.chainId, settlement: SETTLEMENT_ADDRESS }
  const id = channelId(domain, channel)
  const tokenDomain = await readTokenDomain(client, devnet.token)
  const validBefore = Math.floor(Date.now() / 1000) + 3600
  const deposit = signDeposit(tokenDomain, id, { amount: '600', validBefore, salt: toHex(randomBytes(32)) }, payer)
  const store = keptInMemory()
  const outbox = new Outbox({ client, secret, store })
  const send = async (call: Sendable): Promise<{ hash: Hex; raw: Hex }> => {
    const hash = await outbox.send({}, call)
    return (await store.all()).find(one => one.hash === hash)!
  }
  return { channel, id, domain, payer, receiver, deposit, send }
}

test('a channel is opened, claimed and swept, and the follower tells the same story', async t => {
  const house = await setup(t)
  const { client, devnet } = house
  const { channel, id, domain, payer, receiver, deposit, send } = await openChannel(house)
  const chain = remember()
  await send(depositCall(channel, deposit))
  const voucher = signVoucher(domain, id, 500n, payer)
  await send(claimCall([{ channel, ceiling: 500n, signature: voucher.signature, total: 200n }]))
  await send(settleCall(receiver.address, devnet.token))
  while (await followOnce(client, chain));
  const { created, ...told } = foldEvents(chain.events).get(id)!
  assert.equal(created, chain.events.find(event => event.name === 'ChannelCreated')!.block)
  assert.deepEqual(told, { balance: 600n, claimed: 200n })
  assert.deepEqual(await readChannel(client, id), { balance: 600n, claimed: 200n })
  assert.equal(await readTokenBalance(client, devnet.token, receiver.address), 200n)
  // The same from a node that may be behind others: the newest blocks are asked for by their hashes.
  const other = Object.assign(Object.create(client) as typeof client, { chainId: 1 })
  const byHash = remember()
  while (await followOnce(other, byHash));
  assert.deepEqual(byHash.events, chain.events)
  await assert.rejects(readEvents(client, { hash: toHex(randomBytes(32)) }), isHeddleError)
})

test('a killed chain comes back; what it lost is a reorganisation, and a re-broadcast heals it', async t => {
  const house = await setup(t, 3_600_000)
  const { client, devnet } = house
  const { channel, id, deposit, send } = await openChannel(house)
  const chain = remember()
  await devnet.save()
  const opened = await send(depositCall(channel, deposit))
  while (await followOnce(client, chain));
  assert.equal(chain.events.filter(event => event.name === 'Deposited').length, 1)
  const before = devnet.pid()!
  process.kill(before, 'SIGKILL')
  while (devnet.pid() === before || !(await client.getBlockNumber({ cacheTime: 0 }).catch(() => undefined))) {
    await new Promise(resolve => setTimeout(resolve, 20))
  }
  while (await followOnce(client, chain));
  assert.equal(chain.events.filter(event => event.name === 'Deposited').length, 0, 'it is lost')
  await broadcast(client, opened)
  // The chain takes a transaction before it has made a block of it.
  while (!(await outcomeOf(client, opened.hash))) await new Promise(resolve => setTimeout(resolve, 20))
  while (await followOnce(client, chain));
  assert.equal((await readChannel(client, id)).balance, 600n)
  const { created, ...told } = foldEvents(chain.events).get(id)!
  assert.equal(created, chain.events.find(event => event.name === 'ChannelCreated')!.block)
  assert.deepEqual(told, { balance: 600n, claimed: 0n })
})

test('a restart keeps chain id, contracts and balances; another chain is refused', async t => {
  const house = await setup(t)
  const { devnet, directory } = house
  const { channel, id, deposit, send } = await openChannel(house)
  await send(depositCall(channel, deposit))
  await devnet.stop()
  const again = await startDevnet({ directory, log })
  t.after(() => again.stop())
  assert.deepEqual([again.chainId, again.token], [devnet.chainId, devnet.token])
  assert.equal((await readChannel(connect(again.url, again.chainId), id)).balance, 600n)
  await assert.rejects(checkChain(connect(again.url, 1)), error => isHeddleError(error, 'chain_wrong'))
})

test('a contract that refuses is named by its error, before anything is sent', async t => {
  const house = await setup(t)
  const { channel, deposit, send } = await openChannel(house)
  const tooMuch = { ...deposit, amount: '601' }
  await assert.rejects(send(depositCall(channel, tooMuch)), error => isHeddleError(error, 'chain_reverted'))
})

test('a taken port is said to be one', async t => {
  const { port } = await setup(t)
  const directory = mkdtempSync(join(tmpdir(), 'heddle-devnet-'))
  t.after(() => rmSync(directory, { recursive: true, force: true }))
  await assert.rejects(startDevnet({ directory, port, log }), error => isHeddleError(error, 'port_taken'))
})
