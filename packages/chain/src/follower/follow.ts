import type { Hex, Log } from '@heddle/protocol'
import { type ChainClient, chainError, checkChain } from '../connect.ts'
import { isDevnet } from '../devnet/identity.ts'
import { readBlock, readBlockHash } from '../reads.ts'
import { type ChainEvent, readEvents } from './events.ts'

export type BlockMark = { number: number; hash: Hex }

/** Where a follower keeps what it has seen. One `apply` is one durable step. */
export interface FollowedChain {
  /** The marks it has, the newest first. */
  marks(): Promise<BlockMark[]>
  /** Takes back everything from block `cut` on (when given), then adds. `head` is how far the chain goes. */
  apply(step: { cut?: number; mark: BlockMark; head: number; events: readonly ChainEvent[] }): Promise<void>
}

type Block = BlockMark & { parent: Hex }

/** Blocks whose events are read at once, where they are so old that every node has them. */
const RANGE = 2_000
/** How far a node may be behind another that answers at the same address: in the newest blocks, each is asked for by its hash. A devnet has one node. */
const RECENT = 64
/** Of those, how many are one step. */
const RECENT_STEP = 16
/** Milliseconds for which a chain is shorter than what is known, before that is taken for its loss and not for a node that is behind. */
const LOST_AFTER = 60_000

/** Since when a chain has been shorter than what is known of it. */
const shorterSince = new WeakMap<FollowedChain, number>()

/**
 * The newest mark that is still on the chain; undefined when none is: another chain, or a new one. `isShorter`: no block is another
 * than it was, but some are not there.
 */
async function commonAncestor(
  client: ChainClient,
  marks: readonly BlockMark[],
): Promise<{ ancestor: BlockMark | undefined; isShorter: boolean }> {
  let isShorter = marks.length > 0
  for (const mark of marks) {
    const hash = await readBlockHash(client, mark.number)
    if (hash === mark.hash) return { ancestor: mark, isShorter: isShorter && mark !== marks[0] }
    if (hash !== undefined) isShorter = false
  }
  return { ancestor: undefined, isShorter }
}

export type Step = { reorganised: boolean; events: readonly ChainEvent[] }

/**
 * One look at the chain: takes back what a reorganisation removed, then reads what is new. A chain that lost blocks, or
 * one with another genesis, is a reorganisation like any other; but a node of another chain id takes nothing back: it
 * throws `chain_wrong`. Many nodes may answer at one address, and some be behind: what one of them does not have yet is not lost, nor is it
 * without events. Gives what happened, or nothing when nothing did.
 *
 * A chain that is shorter than before has lost blocks once it was so for `lostAfter` milliseconds; a devnet at once.
 */
export async function followOnce(
  client: ChainClient,
  chain: FollowedChain,
  { lostAfter = isDevnet(client.chainId) ? 0 : LOST_AFTER }: { lostAfter?: number } = {},
): Promise<Step | undefined> {
  const marks = await chain.marks()
  const newest = marks[0]
  const latest = await readLatest(client)
  const isSame = newest !== undefined && latest.hash === newest.hash
  const isNext = newest !== undefined && latest.parent === newest.hash
  if (isSame || isNext) shorterSince.delete(chain)
  // Nothing is new, and nothing was taken back: most looks find that.
  if (isSame) return undefined
  if (isNext) {
    const { number, hash } = latest
    const events = await eventsIn(client, { number, hash })
    if (!events) return undefined
    await chain.apply({ mark: { number, hash }, head: number, events })
    return { reorganised: false, events }
  }
  const { ancestor, isShorter } = await commonAncestor(client, marks)
  if (isShorter && !isLost(chain, lostAfter)) return undefined
  shorterSince.delete(chain)
  const reorganised = newest !== undefined && ancestor !== newest
  if (reorganised) await checkChain(client)
  const start = ancestor ? ancestor.number + 1 : 0
  const read = await readOn(client, { start, head: latest.number, before: ancestor, reorganised })
  if (!read) return undefined
  await chain.apply({ ...(reorganised ? { cut: start } : {}), ...read, head: latest.number })
  return { reorganised, events: read.events }
}

async function readLatest(client: ChainClient): Promise<Block> {
  const { number, hash, parentHash } = await client.getBlock().catch(chainError)
  return { number: Number(number), hash: hash!, parent: parentHash }
}

/** Whether a chain that is shorter than what is known of it has been so for long. */
function isLost(chain: FollowedChain, lostAfter: number): boolean {
  const now = performance.now()
  const since = shorterSince.get(chain) ?? now
  shorterSince.set(chain, since)
  return now - since >= lostAfter
}

/** The events of one block; nothing where a node refuses, because it has not got it yet, or has it no more. */
async function eventsIn(client: ChainClient, { number, hash }: BlockMark): Promise<readonly ChainEvent[] | undefined> {
  try {
    return await readEvents(client, { hash })
  } catch (error) {
    if ((await readBlockHash(client, number)) === hash) throw error
    return undefined
  }
}

/** The events of some blocks from `start` on, and the last of these; nothing where there are none, or the chain changed meanwhile. */
async function readOn(
  client: ChainClient,
  {
    start,
    head,
    before,
    reorganised,
  }: { start: number; head: number; before: BlockMark | undefined; reorganised: boolean },
): Promise<{ mark: BlockMark; events: readonly ChainEvent[] } | undefined> {
  const old = Math.min(head - (isDevnet(client.chainId) ? 0 : RECENT), start + RANGE)
  if (start <= old) {
    const hash = await readBlockHash(client, old)
    const events = await readEvents(client, { from: start, to: old })
    // The chain may have changed between these calls.
    if (!hash || (before && (await readBlockHash(client, before.number)) !== before.hash)) return undefined
    return (await readBlockHash(client, old)) === hash ? { mark: { number: old, hash }, events } : undefined
  }
  let last = before
  const events: ChainEvent[] = []
  for (let number = start; number <= Math.min(head, start + RECENT_STEP - 1); number++) {
    const block = await readBlock(client, number)
    const came = block && (!last || block.parentHash === last.hash) && (await eventsIn(client, { number, ...block }))
    if (!came) break
    events.push(...came)
    last = { number, hash: block.hash }
  }
  if (last && last !== before) return { mark: last, events }
  // Blocks were lost, and none came in their place.
  return last && reorganised && start > head ? { mark: last, events } : undefined
}

export type FollowOptions = {
  client: ChainClient
  chain: FollowedChain
  log: Log
  /** Milliseconds between looks, each of which asks the node once; a quarter of a second on a devnet and one elsewhere where it is left out. */
  interval?: number
  onStep(step: Step): void | Promise<void>
  /** Told when the chain stops or starts answering. */
  onHealth?(up: boolean): void
}

/** A chain that is looked at again and again. */
export type Following = {
  /** Looks now, to the newest block. Throws what the chain says. */
  look(): Promise<void>
  /** Whether the chain answered when it was last looked at by itself. */
  isUp(): boolean
  stop(): Promise<void>
}

/**
 * Looks again and again until it is stopped; a chain that is down is waited for. One look at a time, whoever asks for it: two that
 * read the same blocks would take each event for two.
 */
export function startFollowing(options: FollowOptions): Following {
  const { client, chain, log, onStep, onHealth } = options
  const { interval = isDevnet(client.chainId) ? 250 : 1_000 } = options
  const ended = new AbortController()
  let isUp = true
  let looking: Promise<void> = Promise.resolve()
  const look = (): Promise<void> => {
    looking = looking.catch(() => undefined).then(lookOn)
    return looking
  }
  async function lookOn(): Promise<void> {
    for (let step = await followOnce(client, chain); step; step = await followOnce(client, chain)) {
      if (step.reorganised) log.warn('chain reorganised')
      await onStep(step)
      if (ended.signal.aborted) return
    }
  }
  const health = (now: boolean): void => {
    if (now === isUp) return
    isUp = now
    onHealth?.(now)
  }
  async function goOn(): Promise<void> {
    while (!ended.signal.aborted) {
      try {
        await look()
        health(true)
      } catch (error) {
        health(false)
        log.warn('chain not followed', { error: error instanceof Error ? error.message : String(error) })
      }
      await pause(interval, ended.signal)
    }
  }
  const going = goOn()
  return {
    look,
    isUp: () => isUp,
    async stop() {
      ended.abort()
      await going
      await looking.catch(() => undefined)
    },
  }
}

const pause = (milliseconds: number, signal: AbortSignal): Promise<void> =>
  new Promise(resolve => {
    const timer = setTimeout(done, milliseconds)
    function done(): void {
      clearTimeout(timer)
      signal.removeEventListener('abort', done)
      resolve()
    }
    signal.addEventListener('abort', done, { once: true })
    if (signal.aborted) done()
  })
