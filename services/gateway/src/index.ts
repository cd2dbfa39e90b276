export { type Gateway, type GatewayKeys, type GatewayOptions, startGateway } from './gateway.ts'
export { Keys, keyId, newKey } from './keys.ts'
export * from './settings.ts'
