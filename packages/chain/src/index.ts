export { type ChainClient, chainError, checkChain, connect } from './connect.ts'
export { settlementAbi, tokenAbi, verifierAbi } from './contracts/index.ts'
export { anvilBinary, rpc, startAnvil } from './devnet/anvil.ts'
export { deploy } from './devnet/deploy.ts'
export { type Devnet, startDevnet } from './devnet/devnet.ts'
export { fund, sendFromFaucet } from './devnet/faucet.ts'
export { DEVNET_CHAIN_IDS, isDevnet } from './devnet/identity.ts'
export { type ChainEvent, readEvents } from './follower/events.ts'
export { applyEvent, type ChannelOnChain, foldEvents } from './follower/fold.ts'
export {
  type BlockMark,
  type FollowedChain,
  type Following,
  followOnce,
  type Step,
  startFollowing,
} from './follower/follow.ts'
export * from './reads.ts'
export * from './transactions/calls.ts'
export {
  type KeptTransaction,
  keptInMemory,
  Outbox,
  type TransactionStore,
} from './transactions/outbox.ts'
export * from './transactions/sign.ts'
export * from './verifier.ts'
