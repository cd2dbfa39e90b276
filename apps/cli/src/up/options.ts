import { hostName, originOf, publicUrl, reachSetting } from '@heddle/daemon'
import { FEATURES } from '@heddle/inference/engines'
import { models } from '@heddle/inference/models'
import { ENGINE_CHOICES } from './engine.ts'
import {
  anyText,
  bytes,
  count,
  duration,
  list,
  named,
  oneOf,
  option,
  optional,
  port,
  url,
  urlOrKey,
  type Values,
  yesOrNo,
} from './option.ts'

/**
 * Everything that `heddle up` can be told. A line here is a flag, a variable, a word in the settings file, a row of
 * docs/settings.md (`node scripts/settings.ts`) and a value of {@link Settings}; a limit without a line here is none.
 */
export const options = {
  port: option({ flag: 'port', env: 'HEDDLE_PORT', says: "The gateway's port", unless: '8402', read: port }),
  model: optional({
    flag: 'model',
    env: 'HEDDLE_MODEL',
    says: `What the built-in engine runs: a GGUF file, or one of ${models.map(({ name }) => name).join(', ')}`,
    read: anyText,
  }),
  chain: optional({
    flag: 'chain',
    env: 'HEDDLE_CHAIN_URL',
    says: 'Another chain than a local one of its own, by its URL; with --asset',
    read: anyText,
  }),
  asset: optional({
    flag: 'asset',
    env: 'HEDDLE_ASSET',
    says: 'What is paid with on another chain: the address of an EIP-3009 token there',
    read: anyText,
  }),
  chainLook: optional({
    flag: 'chain-look',
    env: 'HEDDLE_CHAIN_LOOK',
    says: 'How often each program looks at the chain, which asks its node once; `250ms` on a chain of its own and `1s` on another where it is left out',
    read: duration(50, 600_000),
  }),

  apiKey: optional({
    env: 'HEDDLE_API_KEY',
    says: 'The first key; made, and kept in the home, where it is left out',
    read: anyText,
  }),
  passphrase: optional({
    env: 'HEDDLE_PASSPHRASE',
    says: 'What the keys of this home are encrypted with; made, and kept in the home, where it is left out',
    read: anyText,
  }),

  // Engines
  engine: option({
    flag: 'engine',
    env: 'HEDDLE_ENGINE',
    says: `Own engine: ${ENGINE_CHOICES.join(', ')}`,
    unless: 'auto',
    read: oneOf(ENGINE_CHOICES),
  }),
  engineUrl: optional({
    flag: 'engine-url',
    env: 'HEDDLE_ENGINE_URL',
    says: 'Where the own engine listens',
    read: url,
  }),
  engineKey: optional({
    env: 'HEDDLE_ENGINE_KEY',
    says: 'The key that the engine at --engine-url wants to see',
    read: anyText,
  }),

  engineFeatures: optional({
    flag: 'engine-features',
    env: 'HEDDLE_ENGINE_FEATURES',
    says: `What the own engine can do, where it does not say so itself: of ${FEATURES.filter(one => one !== 'evidence').join(', ')}`,
    read: list(oneOf(FEATURES)),
  }),
  engineContext: optional({
    flag: 'engine-context',
    env: 'HEDDLE_ENGINE_CONTEXT',
    says: 'Tokens of one conversation: at the own engine, where it does not say so itself, or at most; in the built-in one 2048 unless said, at most what its model was trained on',
    read: count(256, 16_777_216),
  }),
  engineConcurrency: optional({
    flag: 'engine-concurrency',
    env: 'HEDDLE_ENGINE_CONCURRENCY',
    says: 'Jobs that run in an engine at the same time, all but one kept for this house; 4, and 2 in the built-in one',
    read: count(1, 1_024),
  }),
  engineThreads: option({
    flag: 'engine-threads',
    env: 'HEDDLE_ENGINE_THREADS',
    says: 'Threads of the built-in engine; more than there are free cores make every token slower. 0: physical cores − 1',
    unless: '1',
    read: count(0, 1_024),
  }),
  engineWeights: optional({
    flag: 'engine-weights',
    env: 'HEDDLE_ENGINE_WEIGHTS',
    says: "The own engine's folder of models (Ollama) or file of weights (llama-server), to hash them; found out where it is left out",
    read: anyText,
  }),
  engineFirstToken: option({
    flag: 'engine-first-token',
    env: 'HEDDLE_ENGINE_FIRST_TOKEN',
    says: 'How long the own engine may take to load, and to read a prompt, before the first token',
    unless: '10m',
    read: duration(1_000, 86_400_000),
  }),
  engineSilence: option({
    flag: 'engine-silence',
    env: 'HEDDLE_ENGINE_SILENCE',
    says: 'How long the own engine may say nothing after it, as while it composes a call',
    unless: '5m',
    read: duration(1_000, 86_400_000),
  }),

  // Buying and selling
  buyFrom: option({
    flag: 'buy-from',
    env: 'HEDDLE_BUY_FROM',
    says: 'Other providers, by URL, or by the key of one that dials in, with commas between',
    unless: 'none',
    read: list(urlOrKey),
  }),
  providers: optional({
    flag: 'providers',
    env: 'HEDDLE_PROVIDERS',
    says: 'How many providers of test work; 2, or 0 beside an own engine or --buy-from',
    read: count(0, 16),
  }),
  sell: option({
    flag: 'sell',
    env: 'HEDDLE_SELL',
    says: 'Sell what the own engine has to spare',
    unless: '0',
    isSwitch: true,
    read: yesOrNo,
  }),
  sellPort: option({
    flag: 'sell-port',
    env: 'HEDDLE_SELL_PORT',
    says: 'The port at which it is sold; 0: any',
    unless: '0',
    read: port,
  }),
  sellUrl: optional({
    flag: 'sell-url',
    env: 'HEDDLE_SELL_URL',
    says: 'What others call that place, behind a proxy',
    read: (text, name) => named(name, () => publicUrl(text)),
  }),
  dial: option({
    flag: 'dial',
    env: 'HEDDLE_DIAL',
    says: 'Gateways that the seller dials, because none can reach it behind its router: URLs, with commas between',
    unless: 'none',
    read: list(url),
  }),

  // Being reached
  listen: optional({
    flag: 'listen',
    env: 'HEDDLE_LISTEN',
    says: 'The address at which other machines reach this one; 0.0.0.0 or ::, every address of this machine',
    read: (text, name) => named(name, () => reachSetting(text).host),
  }),
  publicUrl: optional({
    flag: 'public-url',
    env: 'HEDDLE_PUBLIC_URL',
    says: 'What others call the gateway, where a proxy or a container stands before it',
    read: (text, name) => named(name, () => publicUrl(text)),
  }),
  allowHost: option({
    flag: 'allow-host',
    env: 'HEDDLE_ALLOW_HOST',
    says: 'Other names that it may be called by, like nas.local, with commas between',
    unless: 'none',
    read: list((text, name) => named(name, () => hostName(text))),
  }),
  allowOrigin: option({
    flag: 'allow-origin',
    env: 'HEDDLE_ALLOW_ORIGIN',
    says: 'Pages of others that may ask with a key, like https://app.example or app://obsidian.md, with commas between',
    unless: 'none',
    read: list((text, name) => named(name, () => originOf(text))),
  }),

  // Limits
  ping: option({
    flag: 'ping',
    env: 'HEDDLE_PING',
    says: 'How long a stream may be silent before it says that it lives; 0: never',
    unless: '1s',
    read: duration(0, 3_600_000),
  }),
  unread: option({
    flag: 'unread',
    env: 'HEDDLE_UNREAD',
    says: 'How long a client may take nothing of an answer that waits for it, before it is left and its job ends; a slow one that takes something goes on. A provider gives four times as long to a gateway, which reads for others',
    unless: '60s',
    read: duration(1_000, 86_400_000),
  }),
  firstByte: option({
    flag: 'first-byte',
    env: 'HEDDLE_FIRST_BYTE',
    says: 'How long the gateway waits until a provider says anything at all about a question, before it asks another',
    unless: '30s',
    read: duration(100, 86_400_000),
  }),
  silence: option({
    flag: 'silence',
    env: 'HEDDLE_SILENCE',
    says: 'How long a provider may say nothing afterwards; one that works says so every two seconds',
    unless: '30s',
    read: duration(100, 86_400_000),
  }),
  longest: option({
    flag: 'longest-wait',
    env: 'HEDDLE_LONGEST_WAIT',
    says: 'How long a provider may do nothing but say that it works, from one part of an answer to the next',
    unless: '5m',
    read: duration(100, 86_400_000),
  }),
  longestOwn: option({
    flag: 'longest-own-wait',
    env: 'HEDDLE_LONGEST_OWN_WAIT',
    says: 'The same of an own engine',
    unless: '1h',
    read: duration(100, 86_400_000),
  }),
  idleMessages: option({
    flag: 'idle-messages',
    env: 'HEDDLE_IDLE_MESSAGES',
    says: 'How much a provider may say in a row that delivers nothing, such as that it works; a hundredth as much more for each second that it lasts',
    unless: '1000',
    read: count(10, 1_000_000),
  }),
  providerOffers: option({
    flag: 'provider-offers',
    env: 'HEDDLE_PROVIDER_OFFERS',
    says: 'How many offers a provider may have: of a longer list none is read',
    unless: '1000',
    read: count(1, 100_000),
  }),
  providerAnswer: option({
    flag: 'provider-answer',
    env: 'HEDDLE_PROVIDER_ANSWER',
    says: 'How long a list of offers or receipts may be that the gateway reads of a provider; an answer to a question is bounded by what was asked',
    unless: '64MiB',
    read: bytes(1 << 16, 1 << 30),
  }),
  unusedChannels: option({
    flag: 'unused-channels',
    env: 'HEDDLE_UNUSED_CHANNELS',
    says: 'How many channels with one provider may hold a deposit of which nothing was ever charged, before it gets no other one',
    unless: '4',
    read: count(1, 1_000),
  }),
  claimWitnesses: option({
    flag: 'claim-witnesses',
    env: 'HEDDLE_CLAIM_WITNESSES',
    says: 'How often the gateway pays for gas so that the chain sees a claim above the receipts of one channel; 0: never',
    unless: '8',
    read: count(0, 10_000),
  }),
  counts: option({
    flag: 'counts',
    env: 'HEDDLE_COUNTS',
    says: 'How often a minute a provider counts for one payer what a question would use, which is not paid',
    unless: '120',
    read: count(1, 1_000_000),
  }),
  countsAtOnce: option({
    flag: 'counts-at-once',
    env: 'HEDDLE_COUNTS_AT_ONCE',
    says: 'The same at one time, for all payers together',
    unless: '4',
    read: count(1, 1_000),
  }),
  queue: option({
    flag: 'queue',
    env: 'HEDDLE_QUEUE',
    says: 'How many questions may wait for a place, in the gateway and in each provider',
    unless: '512',
    read: count(0, 100_000),
  }),
  queueBytes: option({
    flag: 'queue-bytes',
    env: 'HEDDLE_QUEUE_BYTES',
    says: 'How much memory the questions that wait may hold together, in the gateway and in each provider; each counts as its text',
    unless: '256MiB',
    read: bytes(1 << 10, 2 ** 40),
  }),
  queueWait: option({
    flag: 'queue-wait',
    env: 'HEDDLE_QUEUE_WAIT',
    says: 'How long a question may wait for a place',
    unless: '10m',
    read: duration(0, 86_400_000),
  }),
  raiseWait: option({
    flag: 'raise-wait',
    env: 'HEDDLE_RAISE_WAIT',
    says: 'How long a provider waits for a payer to raise its ceiling, before it ends the job with what was delivered',
    unless: '5s',
    read: duration(1_000, 86_400_000),
  }),
  requestWait: option({
    flag: 'request-wait',
    env: 'HEDDLE_REQUEST_WAIT',
    says: 'How long a request may take to come whole',
    unless: '30s',
    read: duration(1_000, 86_400_000),
  }),
  namedChannels: option({
    flag: 'named-channels',
    env: 'HEDDLE_NAMED_CHANNELS',
    says: 'How many channels a provider remembers on which nothing was signed, run or deposited yet: anybody can name one',
    unless: '1000',
    read: count(1, 1_000_000),
  }),
  bodyLimit: option({
    flag: 'body-limit',
    env: 'HEDDLE_BODY_LIMIT',
    says: 'The largest request that is read, unpacked',
    unless: '8MiB',
    read: bytes(1 << 10, 1 << 30),
  }),
  bodyNames: option({
    flag: 'body-names',
    env: 'HEDDLE_BODY_NAMES',
    says: 'How many names of members a request may have, in all of its objects together',
    unless: '250000',
    read: count(100, 10_000_000),
  }),

  // Links
  links: option({
    flag: 'links',
    env: 'HEDDLE_LINKS',
    says: 'How many links others may have with the gateway, and with each provider; above it, one on which nothing is open makes room',
    unless: '10000',
    read: count(1, 1_000_000),
  }),
  linkMemory: option({
    flag: 'link-memory',
    env: 'HEDDLE_LINK_MEMORY',
    says: 'What all of them may keep together in one program: above it, the one that keeps most is ended',
    unless: '256MiB',
    read: bytes(1 << 20, 2 ** 40),
  }),
  linkHandshakes: option({
    flag: 'link-handshakes',
    env: 'HEDDLE_LINK_HANDSHAKES',
    says: 'How many connections may be in their handshake at once; above it, the oldest of the network with most of them makes room',
    unless: '256',
    read: count(1, 100_000),
  }),
  linkStreams: option({
    flag: 'link-streams',
    env: 'HEDDLE_LINK_STREAMS',
    says: 'How many calls a payer may have open on its link with a provider',
    unless: '1024',
    read: count(1, 1_000_000),
  }),
  linkHeld: option({
    flag: 'link-held',
    env: 'HEDDLE_LINK_HELD',
    says: 'What may have come on one link and wait to be read: above it, the fullest stream is ended',
    unless: '64MiB',
    read: bytes(1 << 19, 2 ** 40),
  }),
  linkUnconfirmed: option({
    flag: 'link-unconfirmed',
    env: 'HEDDLE_LINK_UNCONFIRMED',
    says: 'What may be on its way on one link: above it, writers wait',
    unless: '8MiB',
    read: bytes(1 << 16, 2 ** 40),
  }),
  linkSilence: option({
    flag: 'link-silence',
    env: 'HEDDLE_LINK_SILENCE',
    says: 'After how long a connection on which nothing comes is given up; the other side says every 600ms that it lives',
    unless: '1900ms',
    read: duration(1_000, 3_600_000),
  }),
  linkWait: option({
    flag: 'link-wait',
    env: 'HEDDLE_LINK_WAIT',
    says: 'How long a link outlives its connection: what was open on it goes on when the next one comes in that time',
    unless: '30s',
    read: duration(0, 86_400_000),
  }),
  linkGrace: option({
    flag: 'link-grace',
    env: 'HEDDLE_LINK_GRACE',
    says: 'How long a provider whose connection dropped is waited for, before a question that has not begun there is asked elsewhere',
    unless: '1s',
    read: duration(0, 3_600_000),
  }),
  providerWait: option({
    flag: 'provider-wait',
    env: 'HEDDLE_PROVIDER_WAIT',
    says: 'How long a provider is waited for that is asked for its offers, receipts, counts: all but jobs',
    unless: '20s',
    read: duration(1_000, 3_600_000),
  }),
  linkGather: option({
    flag: 'link-gather',
    env: 'HEDDLE_LINK_GATHER',
    says: 'How long the pieces of answers are gathered to leave together, all but the first of each; 0: each at once',
    unless: '10ms',
    read: duration(0, 1_000),
  }),
} as const

/** What `heddle up` was told. */
export type Settings = Values<typeof options>
