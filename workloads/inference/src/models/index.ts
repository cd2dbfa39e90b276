export { type CatalogueEntry, findModel, models, type Source, smollm2, tiny } from './catalogue.ts'
export type { Progress } from './obtain.ts'
export { type ResolvedModel, type ResolveModelOptions, resolveModel } from './resolve.ts'
export { assertWeights, digestOfFile, digestOfWeights } from './weights.ts'
