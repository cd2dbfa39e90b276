export * as arbitrary from './arbitraries.ts'
export * from './doubles.ts'
export * as fixture from './fixtures.ts'
export { type Json, type Mutation, mutationsOf } from './mutations.ts'
