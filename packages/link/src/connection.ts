export type Listener = { message(bytes: Uint8Array): void; closed(): void }

/**
 * What a link runs over: whole messages, in order, until it closes. A WebSocket is one; so is a pair of queues in a test. Whatever it
 * loses or alters closes it: the records above notice.
 */
export type Connection = {
  send(message: Uint8Array): void
  /** Bytes handed over that have not left yet. */
  buffered(): number
  /** Tells both sides, once, and says nothing afterwards. */
  close(): void
  /** Who listens from now on, if anybody. What comes while nobody does is kept. */
  listen(to: Listener | undefined): void
  /** Whether both ends are on this machine: only then may records be plain. */
  readonly loopback: boolean
}
