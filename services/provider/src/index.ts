export * from "./settings.ts"
export { type Provider, type ProviderKeys, type ProviderOptions, startProvider } from './provider.ts'
export type { Trade } from './parts.ts'
