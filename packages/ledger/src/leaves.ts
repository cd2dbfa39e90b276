/** The leaves of a job's evidence as they are kept in one column: each after its length in four bytes. */
export function joinLeaves(leaves: readonly Uint8Array[]): Uint8Array {
  const bytes = new Uint8Array(leaves.reduce((sum, leaf) => sum + 4 + leaf.length, 0))
  const view = new DataView(bytes.buffer)
  let at = 0
  for (const leaf of leaves) {
    view.setUint32(at, leaf.length)
    bytes.set(leaf, at + 4)
    at += 4 + leaf.length
  }
  return bytes
}

/** The inverse of {@link joinLeaves}. Throws `RangeError` for bytes that it did not write. */
export function splitLeaves(bytes: Uint8Array): Uint8Array[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
  const leaves: Uint8Array[] = []
  for (let at = 0; at < bytes.length; ) {
    const end = at + 4 + view.getUint32(at)
    if (end > bytes.length) throw new RangeError('a leaf ends too early')
    leaves.push(bytes.subarray(at + 4, end))
    at = end
  }
  return leaves
}
