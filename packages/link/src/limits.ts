/** What one side allows of the other, and how long it waits. Each is a setting of whoever makes a link. */
export type LinkLimits = {
  /** Streams that the other side may have open at once. */
  streams: number
  /** Bytes of one message, put together from its parts. */
  message: number
  /** Bytes that have come and that nobody has taken yet, on all streams; never less than one message of the longest takes. */
  held: number
  /** Bytes of counted frames that the other side has not confirmed yet: above it, writers wait; far above it, the link is over. */
  unconfirmed: number
  /** Milliseconds after which a side that had nothing to say says that it lives. */
  heartbeat: number
  /** Milliseconds of silence after which a connection is given up. */
  silence: number
  /** Milliseconds that a session outlives its connection. */
  patience: number
  /** Milliseconds that a message of the handshake is waited for. */
  handshake: number
  /** Milliseconds for which messages that may wait are gathered, to leave together; 0: each leaves with its turn. */
  gather: number
}

export const defaultLimits: LinkLimits = {
  streams: 1_024,
  message: 16 << 20,
  held: 64 << 20,
  unconfirmed: 8 << 20,
  heartbeat: 600,
  silence: 1_900,
  patience: 30_000,
  handshake: 5_000,
  gather: 10,
}

/** What an owner may set of the links of one program; what is left out is as usual. */
export type LinkSettings = Partial<LinkLimits> & {
  /** Links that others may have here at once, and bytes that they may keep together. */
  most?: number
  memory?: number
  /** Connections that may be in their handshake at once. */
  handshakes?: number
}

/**
 * Bytes that may come on a stream before its reader has taken any; more as it takes them. A part of the wire: it is the same for everyone.
 */
export const WINDOW = 1 << 18
/** What a frame counts beside its payload, so that empty messages are not for nothing. */
export const OVERHEAD = 16
