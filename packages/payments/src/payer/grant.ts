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

/** What a gateway grants a holder of an API key: a name, a cap (base units), a time; all but what was spent. */
export type Terms = Omit<Row<'keys'>, 'spent' | 'grant'>

const digestOfTerms = ({ id, name, cap, created }: Terms) => digestOfJson({ id, name, cap: cap.toString(), created })

/** Signs a grant, so that nobody who can write to the ledger can raise a cap unseen. */
export const signGrant = (domain: Domain, terms: Terms, authorizer: Signer): Hex =>
  signStatement(domain, 'grant', digestOfTerms(terms), authorizer)

export const recoverGrant = (domain: Domain, row: Row<'keys'>): Address | undefined =>
  recoverStatement(domain, 'grant', digestOfTerms(row), row.grant as Hex)
