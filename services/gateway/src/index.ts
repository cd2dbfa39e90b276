export { type Gateway, type GatewayKeys, type GatewayOptions, startGateway } from './gateway.ts'
export { type KeyTerms, keyTermsSchema } from './key-terms.ts'
export { Keys, keyId, newKey } from './keys.ts'
export * from './settings.ts'
