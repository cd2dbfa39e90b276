export { Book, type Choice, type Known, type Standing } from './book.ts'
export { Consumer, type ConsumerOptions } from './consumer.ts'
export { ProviderClient } from './provider-client.ts'
export { type Hold, openPurse, POLICIES, type Policy, type Purse } from './purse.ts'
