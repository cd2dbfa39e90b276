import { formatUnits, HeddleError } from '@heddle/protocol'

/** What one session may spend, in base units. Held before anything is asked, settled with what it cost. */
export class Spending {
  readonly cap: bigint
  #spent = 0n
  #held = 0n

  constructor(cap: bigint) {
    this.cap = cap
  }

  get spent(): bigint {
    return this.#spent
  }

  get held(): bigint {
    return this.#held
  }

  get left(): bigint {
    const left = this.cap - this.#spent - this.#held
    return left > 0n ? left : 0n
  }

  /** Holds the most that a question can cost. Throws `cap_reached`. Settled once: with its charge, or with nothing. */
  hold(most: bigint): { settle(charge: bigint): void } {
    if (most > this.left) {
      const words = `this may cost ${formatUnits(most)} HED, the session has ${formatUnits(this.left)} of ${formatUnits(this.cap)} left`
      throw new HeddleError('cap_reached', words)
    }
    this.#held += most
    let open = true
    return {
      settle: charge => {
        if (!open) return
        open = false
        this.#held -= most
        this.#spent += charge
      },
    }
  }
}
