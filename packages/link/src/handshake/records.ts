import { type Digest, fromHex, HeddleError, type Hex, utf8 } from '@heddle/protocol'
import { implementation as crypto } from '#crypto'
import type { Seal, Side } from './messages.ts'

/** Records of one connection: each is one message, sealed under its number, counted from zero on each side. */
export type Records = {
  seal(plain: Uint8Array): Uint8Array
  /** Throws `link_broken` for what the other side did not seal as its next record. */
  open(record: Uint8Array): Uint8Array
}

const plain: Records = { seal: bytes => bytes, open: bytes => bytes }

/** Which way records go: each has a key of its own. */
const WAYS = { dial: utf8('heddle/1 link dialler to answerer'), answer: utf8('heddle/1 link answerer to dialler') }

/**
 * The records of one side. Keys are HKDF-SHA256 of what both ephemeral keys have in common, salted with the transcript that was
 * signed: whoever sees another handshake has other keys. Throws `link_broken` for a key of small order.
 */
export function recordsOf(
  side: Side,
  { seal, secret, theirs, transcript }: { seal: Seal; secret: Uint8Array; theirs: Hex; transcript: Digest },
): Records {
  const shared = crypto.agree(secret, fromHex(theirs))
  if (!shared) throw new HeddleError('link_broken', 'an ephemeral key of small order')
  if (seal === 'none') return plain
  const keyOf = (way: Side): Uint8Array => crypto.derive(shared, fromHex(transcript), WAYS[way])
  const mine = crypto.sealing(keyOf(side))
  const yours = crypto.sealing(keyOf(side === 'dial' ? 'answer' : 'dial'))
  let sent = 0n
  let received = 0n
  return {
    seal: bytes => mine.seal(sent++, bytes),
    open(record) {
      const opened = yours.open(received++, record)
      if (!opened) throw new HeddleError('link_broken', 'a record that the other side did not seal as its next')
      return opened
    },
  }
}
