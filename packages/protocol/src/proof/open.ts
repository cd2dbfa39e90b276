import { z } from 'zod'
import { fromHex, type Hex } from '../bytes.ts'
import { HeddleError } from '../errors/heddle-error.ts'
import { openLeaf } from '../evidence.ts'
import { type MerklePath, merklePathSchema } from '../merkle.ts'
import type { Receipt } from '../receipt/receipt.ts'

/** Most bytes of a leaf that is looked at: above what any leaf may have, so that one too long can be shown. */
export const MOST_LEAF_BYTES = 131_072

/** A leaf of evidence as it is given to whoever paid: its bytes, and the path to what the receipt names. */
export const evidenceLeafSchema = z.strictObject({
  leaf: z.custom<Hex>(
    v => typeof v === 'string' && v.length <= 2 + 2 * MOST_LEAF_BYTES && /^0x(?:[0-9a-f]{2})*$/.test(v),
    'not the bytes of a leaf',
  ),
  path: merklePathSchema,
})
export type EvidenceLeaf = Readonly<{ leaf: Hex; path: MerklePath }>

/** Reads what came from outside by its schema. Throws `proof_malformed` naming the first field. */
export function readPart<T>(schema: z.ZodType<T>, json: unknown, part: string): T {
  const parsed = schema.safeParse(json)
  if (parsed.success) return parsed.data
  const issue = parsed.error.issues[0]
  const param = [part, ...(issue?.path ?? [])].join('.')
  throw new HeddleError('proof_malformed', `${param}: ${issue?.message}`, { cause: { param } })
}

/**
 * A leaf that this receipt binds. Throws `proof_malformed` for what is not a leaf with its path, `evidence_path` where
 * the path leads elsewhere.
 */
export function openBound(receipt: Receipt, json: unknown, part: string): { bytes: Uint8Array; path: MerklePath } {
  const { leaf, path } = readPart(evidenceLeafSchema, json, part)
  const bytes = fromHex(leaf)
  if (receipt.evidence === null) throw new HeddleError('evidence_path', 'the receipt names no evidence')
  return { bytes, path: openLeaf(receipt.evidence, bytes, path) }
}
