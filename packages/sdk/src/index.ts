export { type AnswerLimits, USUAL_ANSWERS } from './answers.ts'
export { Book, type BookOptions, type Choice, type Known, requireChain, type Standing } from './book.ts'
export { type ClaimTold, readClaim } from './claims.ts'
export { Consumer, type ConsumerOptions } from './consumer.ts'
export {
  type Accounts,
  type Consuming,
  type ConsumingOptions,
  type ConsumingTuning,
  startConsuming,
} from './consuming.ts'
export {
  type AskOptions,
  type CreateConsumerOptions,
  createConsumer,
  type WalletConsumer,
} from './create-consumer.ts'
export { askingOnly, Dialled, type DialOptions, dialProvider } from './dial.ts'
export { type CheckedBy, checkAnswer, convictedUnopened } from './evidence-check.ts'
export { type Opened, type Opening, openAnswer } from './evidence-open.ts'
export { openedToJson, readOpened } from './evidence-wire.ts'
export { type Limits, USUAL_LIMITS } from './listening.ts'
export { type LinkSource, ProviderClient } from './provider-client.ts'
export { publicOffers } from './public-offers.ts'
export { type Hold, openPurse, POLICIES, type Policy, type Purse } from './purse.ts'
export { listRefused, type RefusedSeen, readRefused } from './refused.ts'
