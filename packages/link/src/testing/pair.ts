import type { Connection, Listener } from '../connection.ts'

/** One end of a connection within a process: what is sent arrives in a later turn, in order, and before the news that it closed. */
class End implements Connection {
  readonly loopback: boolean
  other!: End
  #listener: Listener | undefined
  #early: Uint8Array[] = []
  #isOpen = true
  #isClosed = false
  /** As a socket does, it keeps its program alive. */
  readonly #socket = setInterval(() => undefined, 1 << 30)
  /** What passes here: a test may alter, repeat or swallow it. */
  pass: (message: Uint8Array) => readonly Uint8Array[] = message => [message]

  constructor(loopback: boolean) {
    this.loopback = loopback
  }

  send(message: Uint8Array): void {
    if (!this.#isOpen) return
    for (const one of this.pass(message.slice())) setImmediate(() => this.other.#arrive(one))
  }

  buffered = (): number => 0

  close(): void {
    for (const end of [this, this.other]) {
      if (!end.#isOpen) continue
      end.#isOpen = false
      clearInterval(end.#socket)
      setImmediate(() => {
        end.#isClosed = true
        end.#listener?.closed()
      })
    }
  }

  listen(to: Listener | undefined): void {
    this.#listener = to
    while (this.#listener && this.#early.length > 0) this.#listener.message(this.#early.shift()!)
    if (this.#isClosed) setImmediate(() => to?.closed())
  }

  #arrive(message: Uint8Array): void {
    if (this.#isClosed) return
    if (this.#listener) this.#listener.message(message)
    else this.#early.push(message)
  }
}

export type TestConnection = End

/** Two ends of one connection. */
export function connectionPair({ loopback = false } = {}): [TestConnection, TestConnection] {
  const [one, two] = [new End(loopback), new End(loopback)]
  one.other = two
  two.other = one
  return [one, two]
}
