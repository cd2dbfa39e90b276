/** What an engine's process draws with and writes down: light, for that process has a model to hold. */
export { askedDrawing, DEFAULT_TOP_K } from './asked.ts'
export { type Candidate, keepLikeliest, LEAST_LOGPROB, MOST_CANDIDATES, millinats } from './candidates.ts'
export { type Drawing, draw, ownSeed, randomAt, randomnessOf } from './draw.ts'
export { classOf, encodeHead, promptDigestOf } from './head.ts'
export type { Position } from './positions.ts'
export { startEvidence } from './writer.ts'
