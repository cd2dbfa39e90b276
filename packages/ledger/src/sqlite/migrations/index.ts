import { first } from './001-first.ts'
import { keyTerms } from './002-key-terms.ts'
import { otherRail } from './003-x402.ts'
import { sharedTexts } from './004-shared-texts.ts'
import { evidence } from './005-evidence.ts'
import { checks } from './006-checks.ts'
import { refused } from './007-refused.ts'

/** Numbered, never edited once released; each runs once, in its own transaction. */
export type Migration = { version: number; sql: string }

export const migrations: readonly Migration[] = [first, keyTerms, otherRail, sharedTexts, evidence, checks, refused]

export const SCHEMA_VERSION = migrations.at(-1)!.version
