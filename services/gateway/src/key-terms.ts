import { canonical, HeddleError } from '@heddle/protocol'
import { POLICIES } from '@heddle/sdk'
import { z } from 'zod'

/** What an API key may and may not, beside its cap. What is left out is not limited. */
export const keyTermsSchema = z.strictObject({
  /** Requests a minute. */
  rate: z.int().min(1).max(1_000_000).optional(),
  /** Units of work a minute, what goes in and what comes out together: tokens. */
  tokens: z.int().min(1).max(10_000_000_000).optional(),
  /** Unix milliseconds from which on the key is refused. */
  expires: z.int().min(0).optional(),
  /** The only models that may be asked. */
  models: z.array(z.string().min(1).max(128)).min(1).max(256).optional(),
  /** Whether own engines or the network are asked, and which first; `own-first` when left out. */
  policy: z.enum(POLICIES).optional(),
  /** Nothing that it asks is passed over: every field is honoured, or refused by name. */
  strict: z.literal(true).optional(),
  /** What it asked may be asked again, of another provider, by a watcher. */
  shareable: z.literal(true).optional(),
  /** Unix milliseconds: since then the key is refused for good. */
  revoked: z.int().min(0).optional(),
})
export type KeyTerms = z.infer<typeof keyTermsSchema>

/** Terms as they are stored and signed; none at all are the empty text. */
export const termsToText = (terms: KeyTerms): string => (Object.keys(terms).length === 0 ? '' : canonical(terms))

/** The inverse of {@link termsToText}. Throws `ledger_failed` for text that this gateway never wrote. */
export function termsFromText(text: string): KeyTerms {
  try {
    return text === '' ? {} : keyTermsSchema.parse(JSON.parse(text))
  } catch (cause) {
    throw new HeddleError('ledger_failed', 'a key has terms that are none', { cause })
  }
}

/** A key's name: something to read aloud. */
export const keyNameSchema = z
  .string()
  .regex(/^[\p{L}\p{N}][\p{L}\p{N} ._:@-]{0,63}$/u, 'must be 1 to 64 letters, digits, spaces and . _ : @ -')
