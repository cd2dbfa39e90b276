import { CHUNK_TOKENS } from '../limits.ts'
import type { Outbox } from './outbox.ts'

export type Permission = {
  /** Permits one more chunk. */
  more(): void
  /** Stops at the next token, or at the next batch of the prompt. */
  close(): void
  readonly closed: boolean
  /** Waits for a permission and takes it; false when the job was closed. */
  granted(): Promise<boolean>
}

/** Opening a job is its first permission. */
export function startPermission(): Permission {
  let permits = 1
  let closed = false
  let wake = () => {}
  return {
    more() {
      permits++
      wake()
    },
    close() {
      closed = true
      wake()
    },
    get closed() {
      return closed
    },
    async granted() {
      while (permits === 0 && !closed) {
        await new Promise<void>(resolve => {
          wake = resolve
        })
      }
      permits--
      return !closed
    },
  }
}

// Held-back text above this counts as delivered at a pause: a chunk that can only hold back would never end.
const MAX_HELD = CHUNK_TOKENS / 2

export type Room = {
  /** Waits until `more` tokens may follow the job's `pushed` ones; false when the job was closed. */
  wait(pushed: number, more: number): Promise<boolean>
}

/** Chunks of one job: each has room for 64 tokens above what was delivered, whichever choice they belong to. */
export function startRoom(permission: Permission, outbox: Outbox): Room {
  let limit = 0
  return {
    async wait(pushed, more) {
      while (pushed + more > limit) {
        if (limit > 0) {
          if (pushed - outbox.completion > MAX_HELD) outbox.add([], { completion: pushed })
          outbox.pause()
        }
        if (!(await permission.granted())) return false
        limit = outbox.completion + CHUNK_TOKENS
      }
      return true
    },
  }
}
