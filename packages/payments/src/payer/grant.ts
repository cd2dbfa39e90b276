import type { Row } from '@heddle/ledger'
import {
  type Address,
  type Domain,
  digestOfJson,
  type Hex,
  recoverStatement,
  type Signer,
  signStatement,
} from '@heddle/protocol'

/** What a gateway grants a holder of an API key: a name, a cap (base units), a time, terms; all but what was spent. */
export type Terms = Omit<Row<'keys'>, 'spent' | 'grant'>

/** Without terms it is what was signed before there were any: old grants stay good. */
const digestOfTerms = ({ id, name, cap, created, terms }: Terms) =>
  digestOfJson({ id, name, cap: cap.toString(), created, ...(terms === '' ? {} : { terms }) })

/** Signs a grant, so that nobody who can write to the ledger can raise a cap unseen. */
export const signGrant = (domain: Domain, terms: Terms, authorizer: Signer): Hex =>
  signStatement(domain, 'grant', digestOfTerms(terms), authorizer)

export const recoverGrant = (domain: Domain, row: Row<'keys'>): Address | undefined =>
  recoverStatement(domain, 'grant', digestOfTerms(row), row.grant as Hex)
