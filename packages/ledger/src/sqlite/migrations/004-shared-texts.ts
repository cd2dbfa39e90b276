import type { Migration } from './index.ts'

/** Texts that many rows hold; rows from before keep theirs in place. */
export const sharedTexts: Migration = {
  version: 4,
  sql: `CREATE TABLE texts (digest TEXT PRIMARY KEY, text TEXT NOT NULL) STRICT, WITHOUT ROWID;`,
}
