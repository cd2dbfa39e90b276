import {
  type Amount,
  concat,
  type Delta,
  type Digest,
  nothingUsed,
  type Offer,
  priceOf,
  startDigest,
  type Usage,
  type Workload,
} from '@heddle/protocol'

/** Counts one job: what was used, what of it was delivered, and what that costs. */
export type Meter = {
  used(): Usage
  deliver(delta: Delta): void
  /** Takes over the worker's count at the end of a chunk. */
  chunk(used: Usage): void
  delivered(): { bytes: number; charge: Amount; used: Usage }
  /** The whole output so far, and its digest. */
  output(): Uint8Array
  digest(): Digest
}

/** A meter at zero. */
export function startMeter(workload: Pick<Workload<unknown>, 'units'>, offer: Offer): Meter {
  let used: Usage = nothingUsed(workload)
  let delivered = used
  let bytes = 0
  const pieces: Uint8Array[] = []
  const digest = startDigest()
  return {
    used: () => used,
    deliver(delta) {
      used = delta.used
      delivered = delta.used
      bytes += delta.bytes.length
      pieces.push(delta.bytes)
      digest.add(delta.bytes)
    },
    chunk(next) {
      used = next
    },
    delivered: () => ({ bytes, used: delivered, charge: bytes === 0 ? 0n : priceOf(offer, delivered) }),
    output: () => concat(...pieces),
    digest: () => digest.read(),
  }
}
