import { sha256 } from '@noble/hashes/sha2.js'
import { bytesToHex } from '@noble/hashes/utils.js'
import { utf8 } from '../bytes.ts'
import type { Sha256 } from './sha256.ts'

/** noble-hashes: runs in every browser. */
export const implementation: Sha256 = {
  hex: bytes => bytesToHex(sha256(typeof bytes === 'string' ? utf8(bytes) : bytes)),
  start() {
    const running = sha256.create()
    return {
      add: bytes => void running.update(bytes),
      hex: () => bytesToHex(running.clone().digest()),
    }
  },
}
