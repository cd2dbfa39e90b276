import { createHash } from 'node:crypto'

const digestOf = (text: string): string => createHash('sha256').update(text).digest('hex')

/** Texts remembered by digest: an offer is renewed every few minutes, so few are in use at a time. */
const MOST = 256

/** The writing side: which texts are in the file already, so that each is sent and stored once. */
export class SharedTexts {
  readonly #digests = new Map<string, string>()

  /** The digest to store in a text's place; `isNew` when the text itself must be stored too. */
  digest(text: string): { digest: string; isNew: boolean } {
    const known = this.#digests.get(text)
    if (known) return { digest: known, isNew: false }
    const digest = digestOf(text)
    if (this.#digests.size >= MOST) this.#digests.clear()
    this.#digests.set(text, digest)
    return { digest, isNew: true }
  }

  /** A commit failed: what it should have stored may not be there. */
  forget(): void {
    this.#digests.clear()
  }
}

/** A digest as it is stored; a text that was stored before texts were shared never looks like one. */
export const isDigest = (stored: string): boolean => /^[0-9a-f]{64}$/.test(stored)
