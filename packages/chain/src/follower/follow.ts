import type { Hex, Log } from '@heddle/protocol'
import { type ChainClient, chainError, checkChain } from '../connect.ts'
import { isDevnet } from '../devnet/identity.ts'
import { readBlockHash } from '../reads.ts'
import { type ChainEvent, readEvents } from './events.ts'

export type BlockMark = { number: number; hash: Hex }

/** Where a follower keeps what it has seen. One `apply` is one durable step. */
export interface FollowedChain {
  /** The marks it has, the newest first. */
  marks(): Promise<BlockMark[]>
  /** Takes back everything from block `cut` on (when given), then adds. `head` is how far the chain goes. */
  apply(step: { cut?: number; mark: BlockMark; head: number; events: readonly ChainEvent[] }): Promise<void>
}

const RANGE = 2_000

/** The newest mark that is still on the chain; undefined when none is: another chain, or a new one. */
async function commonAncestor(client: ChainClient, marks: readonly BlockMark[]): Promise<BlockMark | undefined> {
  for (const mark of marks) if ((await readBlockHash(client, mark.number)) === mark.hash) return mark
  return undefined
}

/**
 * One look at the chain: takes back what a reorganisation removed, then reads what is new. A chain that lost blocks, or
 * one with another genesis, is a reorganisation like any other; but a node of another chain id takes nothing back: it
 * throws `chain_wrong`. Gives what happened, or nothing when nothing did.
 */
export async function followOnce(
  client: ChainClient,
  chain: FollowedChain,
): Promise<{ reorganised: boolean; events: readonly ChainEvent[] } | undefined> {
  const marks = await chain.marks()
  const newest = marks[0]
  const latest = await client.getBlock().catch(chainError)
  // Nothing is new, and nothing was taken back: most looks find that.
  if (newest && latest.hash === newest.hash) return undefined
  const ancestor = newest && (await commonAncestor(client, marks))
  const reorganised = newest !== undefined && ancestor?.hash !== newest.hash
  if (reorganised) await checkChain(client)
  const head = Number(latest.number)
  const start = ancestor ? ancestor.number + 1 : 0
  if (!reorganised && start > head) return undefined

  const to = Math.min(head, start + RANGE)
  const number = Math.max(to, start - 1)
  const hash = await readBlockHash(client, number)
  if (!hash) return undefined
  const events = start <= to ? await readEvents(client, start, to) : []
  // The chain may have changed between these calls; one that did is looked at again.
  if (ancestor && (await readBlockHash(client, ancestor.number)) !== ancestor.hash) return undefined
  if ((await readBlockHash(client, number)) !== hash) return undefined
  await chain.apply({ ...(reorganised ? { cut: start } : {}), mark: { number, hash }, head, events })
  return { reorganised, events }
}

export type FollowOptions = {
  client: ChainClient
  chain: FollowedChain
  log: Log
  signal: AbortSignal
  /** Milliseconds between looks, each of which asks the node once; a quarter of a second on a devnet and one elsewhere where it is left out. */
  interval?: number
  onStep(step: { reorganised: boolean; events: readonly ChainEvent[] }): void | Promise<void>
  /** Told when the chain stops or starts answering. */
  onHealth?(up: boolean): void
}

/** Looks again and again until the signal aborts; a chain that is down is waited for. */
export async function follow(options: FollowOptions): Promise<void> {
  const { client, chain, log, signal, onStep, onHealth } = options
  const { interval = isDevnet(client.chainId) ? 250 : 1_000 } = options
  let up = true
  const health = (now: boolean): void => {
    if (now === up) return
    up = now
    onHealth?.(now)
  }
  while (!signal.aborted) {
    try {
      const step = await followOnce(client, chain)
      health(true)
      if (step) {
        if (step.reorganised) log.warn('chain reorganised')
        await onStep(step)
        continue
      }
    } catch (error) {
      health(false)
      log.warn('chain not followed', { error: error instanceof Error ? error.message : String(error) })
    }
    await new Promise<void>(resolve => {
      const timer = setTimeout(done, interval)
      function done(): void {
        clearTimeout(timer)
        signal.removeEventListener('abort', done)
        resolve()
      }
      signal.addEventListener('abort', done, { once: true })
    })
  }
}
