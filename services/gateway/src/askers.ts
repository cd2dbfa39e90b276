import { createHmac, createSecretKey, hkdfSync, type KeyObject } from 'node:crypto'
import { type Digest, type JobRequest, randomBytes, requestDigest, toHex } from '@heddle/protocol'

/** Bytes of a nonce that are drawn, and those that say whose it is: together they are a nonce. */
const DRAWN = 20
const MARK = 12

type Unnumbered = Omit<JobRequest, 'nonce'>

/**
 * Whose job it is, told by the job alone. A nonce is 20 random bytes, and 12 that only this gateway can tell from random ones: a
 * code over those bytes, the key and the rest of the job. So what was asked in the moment before a crash, or after the copy of a
 * ledger was made that was brought back, is charged to the key that asked it, and no disk is waited for (ADR 4). A provider
 * learns nothing from it, and a nonce that was seen says nothing in another job.
 */
export class Askers {
  readonly #secret: KeyObject

  /** `secret` is one that outlives the ledger: it is never used as it is. */
  constructor(secret: Uint8Array) {
    this.#secret = createSecretKey(Buffer.from(hkdfSync('sha256', secret, '', 'heddle: whose job it is', 32)))
  }

  /** A nonce for a job that this key asks. */
  nonceFor(key: string, job: Unnumbered): Digest {
    const drawn = toHex(randomBytes(DRAWN)).slice(2)
    return `0x${drawn}${this.#mark(key, drawn, job)}`
  }

  /** Which of these keys asked a job; nothing where none did, or its asker chose the nonce. */
  askerOf(job: JobRequest, keys: Iterable<string>): string | undefined {
    const drawn = job.nonce.slice(2, 2 + 2 * DRAWN)
    const mark = job.nonce.slice(2 + 2 * DRAWN)
    for (const key of keys) if (this.#mark(key, drawn, job) === mark) return key
    return undefined
  }

  #mark(key: string, drawn: string, { channel, expires, limit, offer, spec }: Unnumbered): string {
    const said = JSON.stringify([key, drawn, channel, expires, limit, offer, requestDigest(spec)])
    return createHmac('sha256', this.#secret)
      .update(said)
      .digest('hex')
      .slice(0, 2 * MARK)
  }
}
