import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type Address, type Hex, isHeddleError, randomBytes, SETTLEMENT_ADDRESS, toHex } from '@heddle/protocol'
import { fixture } from '@heddle/testing'
import fc from 'fast-check'
import { encodeAbiParameters, encodeEventTopics } from 'viem'
import type { ChainClient } from '../connect.ts'
import { settlementAbi } from '../contracts/index.ts'
import { type ChainEvent, readEvents } from './events.ts'
import { type ChannelOnChain, foldEvents } from './fold.ts'
import { type BlockMark, type FollowedChain, followOnce, startFollowing } from './follow.ts'

const { addressOf, wordOf } = fixture
const sender = addressOf(1)

type Happening = { name: ChainEvent['name']; subject: Hex; amount: bigint; total: bigint }
type Block = { hash: Hex; logs: ReturnType<typeof logOf>[] }

/** A log as a node gives it, so that reading it is tested too. */
function logOf({ name, subject, amount, total }: Happening) {
  const item = settlementAbi.find(one => one.type === 'event' && one.name === name)
  if (item?.type !== 'event') throw new Error(name)
  const config = {
    payer: addressOf(2),
    payerAuthorizer: addressOf(3),
    receiver: addressOf(4),
    receiverAuthorizer: addressOf(5),
    token: addressOf(6),
    withdrawDelay: 3600,
    salt: wordOf(7),
  }
  const values: Record<string, unknown> = {
    channelId: subject,
    receiver: subject,
    token: addressOf(6),
    sender,
    config,
    amount,
    claimAmount: amount,
    newBalance: total,
    newTotalClaimed: total,
    finalizeAfter: Number(total),
  }
  const plain = item.inputs.filter(input => !('indexed' in input && input.indexed))
  return {
    address: SETTLEMENT_ADDRESS,
    topics: encodeEventTopics({ abi: [item], eventName: name, args: values } as Parameters<
      typeof encodeEventTopics
    >[0]),
    data: encodeAbiParameters(plain, plain.map(input => values[input.name]) as never),
    transactionHash: toHex(randomBytes(32)),
  }
}

/** A chain whose every block can be replaced, also while it is being looked at. */
class FakeChain {
  blocks: Block[] = []
  /** Called before every answer. */
  onCall: () => void = () => undefined
  /** How many blocks the node lacks that gives the next answer. */
  behind: () => number = () => 0
  readonly client: ChainClient
  /** What the node behind the address says it is. */
  chainId = 1

  constructor() {
    const notFound = () => Object.assign(new Error('no such block'), { name: 'BlockNotFoundError' })
    const answer = async <T>(make: (blocks: readonly Block[]) => T): Promise<T> => {
      this.onCall()
      return make(this.blocks.slice(0, Math.max(1, this.blocks.length - this.behind())))
    }
    this.client = {
      chainId: 1,
      getChainId: () => answer(() => this.chainId),
      getBlock: ({ blockNumber }: { blockNumber?: bigint } = {}) =>
        answer(blocks => {
          const number = blockNumber ?? BigInt(blocks.length - 1)
          const block = blocks[Number(number)]
          if (!block) throw notFound()
          return { number, hash: block.hash, parentHash: blocks[Number(number) - 1]?.hash ?? wordOf(0) }
        }),
      getLogs: (asked: { fromBlock: bigint; toBlock: bigint } | { blockHash: Hex }) =>
        answer(blocks => {
          if ('blockHash' in asked && !blocks.some(({ hash }) => hash === asked.blockHash))
            throw new Error('unknown block')
          return blocks.flatMap(({ logs, hash }, number) => {
            const isAsked =
              'blockHash' in asked ? hash === asked.blockHash : number >= asked.fromBlock && number <= asked.toBlock
            return isAsked
              ? logs.map((log, logIndex) => ({ ...log, blockNumber: BigInt(number), blockHash: hash, logIndex }))
              : []
          })
        }),
    } as unknown as ChainClient
    this.mine([])
  }

  mine(happenings: readonly Happening[]): void {
    this.blocks.push({ hash: toHex(randomBytes(32)), logs: happenings.map(logOf) })
  }

  /** Takes the last blocks away; all of them is another chain. */
  cut(count: number): void {
    this.blocks.splice(Math.max(0, this.blocks.length - count))
    if (this.blocks.length === 0) this.mine([])
  }
}

class Memory implements FollowedChain {
  known: BlockMark[] = []
  cuts = 0
  events: ChainEvent[] = []
  marks = async () => this.known
  async apply({ cut = Number.POSITIVE_INFINITY, mark, events }: Parameters<FollowedChain['apply']>[0]) {
    if (cut !== Number.POSITIVE_INFINITY) this.cuts += 1
    this.events = [...this.events.filter(({ block }) => block < cut), ...events]
    this.known = [mark, ...this.known.filter(({ number }) => number < cut && number !== mark.number)]
  }
}

/** Of these chains a shorter one has lost blocks at once. */
const look = (client: ChainClient, chain: FollowedChain) => followOnce(client, chain, { lostAfter: 0 })
const catchUp = async (client: ChainClient, chain: FollowedChain): Promise<void> => {
  while (await look(client, chain));
}

const fromScratch = async ({ client, blocks }: FakeChain): Promise<Map<Hex, ChannelOnChain>> =>
  foldEvents(await readEvents(client, { from: 0, to: blocks.length - 1 }))

const amount = fc.bigInt({ min: 0n, max: 1_000n })
const happening: fc.Arbitrary<Happening> = fc.record({
  name: fc.constantFrom<ChainEvent['name'][]>(
    'ChannelCreated',
    'ChannelClosed',
    'Deposited',
    'Claimed',
    'Settled',
    'Refunded',
    'WithdrawInitiated',
    'WithdrawFinalized',
  ),
  subject: fc.constantFrom(wordOf(0xa1), wordOf(0xa2)),
  amount,
  total: amount,
})
const valid = happening.map(one => (one.name === 'Settled' ? { ...one, subject: addressOf(4) as Address } : one))
const block = fc.array(valid, { maxLength: 3 })
type Step = { cut: number; add: Happening[][]; look: boolean; during: number }
const story: fc.Arbitrary<Step[]> = fc.array(
  fc.record({
    cut: fc.oneof({ weight: 3, arbitrary: fc.constant(0) }, { weight: 2, arbitrary: fc.integer({ min: 1, max: 8 }) }),
    add: fc.array(block, { maxLength: 4 }),
    look: fc.boolean(),
    during: fc.nat(8),
  }),
  { minLength: 1, maxLength: 12 },
)

const change = (chain: FakeChain, { cut, add }: Step): void => {
  chain.cut(cut)
  for (const happenings of add) chain.mine(happenings)
}

test('after any reorganisations, what was followed is what the final chain tells from scratch', async () => {
  await fc.assert(
    fc.asyncProperty(story, async steps => {
      const chain = new FakeChain()
      const followed = new Memory()
      for (const step of steps) {
        change(chain, step)
        if (step.look) await look(chain.client, followed)
      }
      await catchUp(chain.client, followed)
      assert.deepEqual(foldEvents(followed.events), await fromScratch(chain))
      assert.deepEqual(followed.events, await readEvents(chain.client, { from: 0, to: chain.blocks.length - 1 }))
      assert.deepEqual(followed.known[0], { number: chain.blocks.length - 1, hash: chain.blocks.at(-1)!.hash })
    }),
    { numRuns: 60 },
  )
})

test('a chain that changes in the midst of a look is followed all the same', async () => {
  await fc.assert(
    fc.asyncProperty(story, async steps => {
      const chain = new FakeChain()
      const followed = new Memory()
      for (const step of steps) {
        let left = step.during
        chain.onCall = () => {
          if (left-- === 0) change(chain, step)
        }
        await look(chain.client, followed)
        if (left >= 0) change(chain, step)
        chain.onCall = () => undefined
      }
      await catchUp(chain.client, followed)
      assert.deepEqual(followed.events, await readEvents(chain.client, { from: 0, to: chain.blocks.length - 1 }))
    }),
    { numRuns: 120 },
  )
})

const deposited: Happening = { name: 'Deposited', subject: wordOf(1), amount: 5n, total: 5n }

test('another genesis rebuilds all that was known', async () => {
  const chain = new FakeChain()
  const followed = new Memory()
  chain.mine([deposited])
  await catchUp(chain.client, followed)
  assert.deepEqual(foldEvents(followed.events).get(wordOf(1)), { balance: 5n, claimed: 0n })
  chain.cut(10)
  chain.mine([{ ...deposited, subject: wordOf(2) }])
  const step = await followOnce(chain.client, followed)
  assert.equal(step?.reorganised, true)
  assert.deepEqual([...foldEvents(followed.events).keys()], [wordOf(2)])
  assert.deepEqual(
    followed.known.map(({ number }) => number),
    [1],
  )
})

test('a chain that only lost blocks takes back what was in them', async () => {
  const chain = new FakeChain()
  const followed = new Memory()
  await catchUp(chain.client, followed)
  chain.mine([deposited])
  await catchUp(chain.client, followed)
  chain.cut(1)
  assert.equal((await look(chain.client, followed))?.reorganised, true)
  assert.deepEqual(followed.events, [])
  assert.equal(await look(chain.client, followed), undefined)
})

test('nothing new is nothing; a long chain is read in parts', async () => {
  const chain = new FakeChain()
  const followed = new Memory()
  for (let i = 0; i < 4_500; i++) chain.blocks.push({ hash: toHex(randomBytes(32)), logs: [] })
  chain.mine([deposited])
  let steps = 0
  while (await followOnce(chain.client, followed)) steps += 1
  // Three ranges, and the newest blocks one by one.
  assert.equal(steps, 7)
  assert.equal(followed.events.length, 1)
  let calls = 0
  chain.onCall = () => {
    calls += 1
  }
  assert.equal(await followOnce(chain.client, followed), undefined)
  assert.equal(calls, 1)
})

test('a node of another chain takes nothing back: what was known stays', async () => {
  const chain = new FakeChain()
  const followed = new Memory()
  chain.mine([deposited])
  await catchUp(chain.client, followed)
  const before = structuredClone(followed.events)
  const other = new FakeChain()
  chain.blocks = other.blocks
  chain.chainId = 2
  await assert.rejects(look(chain.client, followed), error => isHeddleError(error, 'chain_wrong'))
  assert.deepEqual(followed.events, before)
})

test('nodes that are behind each other: nothing is taken back, and nothing is missed', async () => {
  const answers = fc.array(fc.nat(3), { minLength: 40, maxLength: 200 })
  await fc.assert(
    fc.asyncProperty(fc.array(block, { minLength: 1, maxLength: 12 }), answers, async (blocks, behinds) => {
      const chain = new FakeChain()
      const followed = new Memory()
      let at = 0
      chain.behind = () => behinds[at++ % behinds.length]!
      for (const happenings of blocks) {
        chain.mine(happenings)
        for (let looks = 0; looks < 3; looks++) await followOnce(chain.client, followed).catch(() => undefined)
      }
      assert.equal(followed.cuts, 0)
      chain.behind = () => 0
      while (await followOnce(chain.client, followed));
      assert.deepEqual(followed.events, await readEvents(chain.client, { from: 0, to: chain.blocks.length - 1 }))
      assert.equal(followed.cuts, 0)
    }),
    { numRuns: 150 },
  )
})

test('a chain that is shorter for long has lost blocks; one that is so for a moment has not', async () => {
  const chain = new FakeChain()
  const followed = new Memory()
  for (let i = 0; i < 3; i++) chain.mine([deposited])
  while (await followOnce(chain.client, followed));
  assert.equal(followed.events.length, 3)
  chain.cut(1)
  assert.equal(await followOnce(chain.client, followed), undefined)
  assert.equal(followed.events.length, 3)
  await followOnce(chain.client, followed, { lostAfter: 0 })
  assert.equal(followed.events.length, 2)
})

test('whoever looks while others look takes no event for two', async () => {
  const chain = new FakeChain()
  const followed = new Memory()
  let most = 0
  let running = 0
  const { apply } = followed
  followed.apply = async step => {
    running += 1
    most = Math.max(most, running)
    await new Promise(resolve => setImmediate(resolve))
    await apply.call(followed, step)
    running -= 1
  }
  const log = { info() {}, warn() {}, error() {} }
  const { look, isUp, stop } = startFollowing({ client: chain.client, chain: followed, log, interval: 1, onStep() {} })
  for (let i = 0; i < 40; i++) {
    chain.mine([deposited])
    await Promise.all([look(), look(), look()])
  }
  await stop()
  assert.equal(most, 1)
  assert.equal(followed.events.length, 40)
  assert.ok(isUp())
})
