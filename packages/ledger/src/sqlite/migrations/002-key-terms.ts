import type { Migration } from './index.ts'

/** Rates, expiry, models and policy of an API key; keys from before have none. */
export const keyTerms: Migration = {
  version: 2,
  sql: `ALTER TABLE keys ADD COLUMN terms TEXT NOT NULL DEFAULT '';`,
}
