export type { Trade } from './parts.ts'
export { type Provider, type ProviderKeys, type ProviderOptions, startProvider } from './provider.ts'
export * from './settings.ts'
