/** What the two sha256 implementations offer: native where Node is, portable everywhere. */
export type Sha256 = {
  /** The digest of bytes, or of a text's UTF-8, as 64 digits. */
  hex(bytes: Uint8Array | string): string
  start(): { add(bytes: Uint8Array): void; hex(): string }
}
