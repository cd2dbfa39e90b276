import { HeddleError } from '@heddle/protocol'

/** What a frame takes beside its bytes, however short it is. */
const KEPT = 64

/** Counted frames that have been written, until the other side says that it has them: what a new connection begins with. */
export class Unconfirmed {
  /** Frames that the other side has. */
  #confirmed = 0
  #frames: Uint8Array[] = []
  /** Where in `#frames` the first unconfirmed one stands: they are cut off now and then, not one by one. */
  #first = 0
  #bytes = 0

  /** Frames written so far. */
  get written(): number {
    return this.#confirmed + this.#frames.length - this.#first
  }

  get confirmed(): number {
    return this.#confirmed
  }

  get bytes(): number {
    return this.#bytes
  }

  add(frame: Uint8Array): void {
    this.#frames.push(frame)
    this.#bytes += frame.length + KEPT
  }

  /** The other side has so many. Throws `link_broken` for fewer than it had, or more than were written. */
  confirm(count: number): void {
    if (count < this.#confirmed || count > this.written)
      throw new HeddleError(
        'link_broken',
        `${count} frames confirmed: ${this.#confirmed} were, ${this.written} are written`,
      )
    for (; this.#confirmed < count; this.#confirmed++) {
      this.#bytes -= this.#frames[this.#first]!.length + KEPT
      this.#first++
    }
    if (this.#first < 1_024 && this.#first < this.#frames.length) return
    this.#frames.splice(0, this.#first)
    this.#first = 0
  }

  /** Those that the other side has not, oldest first. */
  rest(): readonly Uint8Array[] {
    return this.#frames.slice(this.#first)
  }
}
