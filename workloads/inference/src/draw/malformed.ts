import { HeddleError } from '@heddle/protocol/errors'

/** What every decoder of evidence says of bytes that break a rule of docs/evidence.md. */
export const malformed = (detail: string): HeddleError => new HeddleError('evidence_malformed', detail)
