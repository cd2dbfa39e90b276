import { setTimeout as sleep } from 'node:timers/promises'
import type { EngineScript } from './recording-engine.ts'

/** What is written of an answer, message by message; `undefined` where the engine dies. */
export type Messages = AsyncGenerator<string | undefined>

/** The tokens to send, in groups, as the script has them; `undefined` where the engine dies. */
export async function* groups(script: EngineScript, limit: number): AsyncGenerator<string[] | undefined> {
  const { tokens, between = 0, together = 1, dieAt, endless } = script
  const count = endless ? Number.POSITIVE_INFINITY : Math.min(tokens.length, limit)
  for (let i = 0; i < count; i += together) {
    if (between > 0) await sleep(between, undefined, { ref: false })
    if (dieAt !== undefined && i + 1 >= dieAt) return yield undefined
    yield Array.from({ length: Math.min(together, count - i) }, (_, j) => tokens[(i + j) % tokens.length]!)
  }
}

/** One short vector for each text. */
export const vectors = ({ input }: Record<string, unknown>): number[][] =>
  (Array.isArray(input) ? input : [input]).map((_, i) => [0.5, -0.25, i])
