import { digestOf, fromHex, type Signer, signerOf, utf8 } from '@heddle/protocol'

/** The key of the nth of a crowd. */
export const memberOf = (n: number): Signer => signerOf(fromHex(digestOf(utf8(`member ${n}`))))
