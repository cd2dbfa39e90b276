import type { Migration } from './index.ts'

/** Which channels are paid over x402; those from before are native. */
export const otherRail: Migration = {
  version: 3,
  sql: `
    CREATE TABLE x402 (channel TEXT PRIMARY KEY, scheme TEXT NOT NULL, "authorization" TEXT, finish TEXT
    ) STRICT, WITHOUT ROWID;
  `,
}
