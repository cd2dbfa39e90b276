import { first } from './001-first.ts'

/** Numbered, never edited once released; each runs once, in its own transaction. */
export type Migration = { version: number; sql: string }

export const migrations: readonly Migration[] = [first]

export const SCHEMA_VERSION = migrations.at(-1)!.version
