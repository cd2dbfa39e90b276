import { HeddleError, type Hex, type Log } from '@heddle/protocol'

export const quiet: Log = { info() {}, warn() {}, error() {} }

type OnChain = { balance: bigint; claimed: bigint; older?: boolean; withdrawal?: { amount: bigint; after: number } }

/** What a follower would know, set by hand. */
export class FakeFollowed {
  readonly #channels = new Map<Hex, OnChain>()

  set(id: Hex, state: Partial<OnChain>): void {
    this.#channels.set(id, { ...(this.channel(id) ?? { balance: 0n, claimed: 0n }), ...state })
  }

  /** Nothing: no block is ever seen here. */
  lastWithin(): null {
    return null
  }

  /** Nor is a claim known at any time. */
  claimKnownAt(): undefined {
    return undefined
  }

  isOlder(id: Hex): boolean {
    return this.#channels.get(id)?.older === true
  }

  channel(id: Hex): OnChain | undefined {
    return this.#channels.get(id)
  }
}

type LedgerLike<W> = {
  commit(...writes: readonly W[]): Promise<void>
  onFailure(listener: () => void): void
}

/** A ledger whose next commits can be made to fail, as a full disk would. */
export function failing<W, L extends LedgerLike<W>>(ledger: L): L & { failNext(commits: number): void } {
  const listeners: (() => void)[] = []
  let left = 0
  let breaking: Promise<void> | undefined
  // As the real one: what was committed before stays, what waits behind fails too, listeners run before anybody learns.
  const fail = async (): Promise<void> => {
    await ledger.commit()
    for (const listener of listeners) listener()
    breaking = undefined
  }
  const own = {
    failNext(commits: number): void {
      left = commits
    },
    onFailure(listener: () => void): void {
      listeners.push(listener)
      ledger.onFailure(listener)
    },
    async commit(...writes: readonly W[]): Promise<void> {
      if (!breaking) {
        if (left === 0) return ledger.commit(...writes)
        left -= 1
        breaking = fail()
      }
      await breaking
      throw new HeddleError('disk_full', 'made to fail by a test')
    },
  }
  return new Proxy(ledger, {
    get(target, name) {
      if (Object.hasOwn(own, name)) return own[name as keyof typeof own]
      const value = Reflect.get(target, name, target) as unknown
      return typeof value === 'function' ? value.bind(target) : value
    },
  }) as L & { failNext(commits: number): void }
}
