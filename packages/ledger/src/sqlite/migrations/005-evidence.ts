import type { Migration } from './index.ts'

/** What opens receipts, for as long as it is kept. */
export const evidence: Migration = {
  version: 5,
  sql: `
    CREATE TABLE evidence (id TEXT PRIMARY KEY, until INTEGER NOT NULL, leaves BLOB NOT NULL) STRICT;
    CREATE INDEX evidence_until ON evidence (until);
  `,
}
