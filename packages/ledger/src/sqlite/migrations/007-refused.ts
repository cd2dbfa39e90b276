import type { Migration } from './index.ts'

/** Receipts that were signed and not paid for; and a receipt can be found to cheat in more than one way. */
export const refused: Migration = {
  version: 7,
  sql: `
    CREATE TABLE refused (digest TEXT PRIMARY KEY, channel TEXT NOT NULL, sequence TEXT NOT NULL, signed TEXT NOT NULL) STRICT;
    CREATE INDEX refused_by_channel ON refused (channel);
    CREATE TABLE checks_by_kind (id TEXT NOT NULL, number INTEGER NOT NULL UNIQUE, provider TEXT NOT NULL,
      model TEXT NOT NULL, verdict TEXT NOT NULL, "check" TEXT NOT NULL, finding TEXT NOT NULL, at INTEGER NOT NULL,
      source TEXT NOT NULL, proof TEXT, PRIMARY KEY (id, "check")) STRICT;
    INSERT INTO checks_by_kind SELECT id, number, provider, model, verdict, "check", finding, at, source, proof FROM checks;
    DROP TABLE checks;
    ALTER TABLE checks_by_kind RENAME TO checks;
  `,
}
