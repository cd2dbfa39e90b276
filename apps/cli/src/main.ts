#!/usr/bin/env node
import { type CommandDef, defineCommand, runMain } from 'citty'

/** A command that is loaded when it is called, not to be listed: `--help` is instant. */
const lazily = (name: string, description: string, load: () => Promise<unknown>): CommandDef => {
  const loaded = () => load() as Promise<CommandDef>
  return {
    meta: { name, description },
    args: () => loaded().then(async command => (await resolve(command.args)) ?? {}),
    run: context => loaded().then(command => command.run?.(context)),
  }
}

const resolve = <T>(value: T | (() => T) | (() => Promise<T>) | Promise<T>): T | Promise<T> =>
  typeof value === 'function' ? (value as () => T)() : value

const receiptVerify = lazily('verify', 'Verify a receipt offline: an id, or a file', () =>
  import('./commands/receipt.ts').then(module => module.verify),
)

/** The command line. */
const main = defineCommand({
  meta: {
    name: 'heddle',
    version: '0.1.0',
    description: "Strangers' machines do AI work for pay, and every answer has a receipt that anyone can check.",
  },
  subCommands: {
    up: lazily('up', 'Start a chain, two providers and a gateway on this machine', () =>
      import('./commands/up.ts').then(module => module.up),
    ),
    status: lazily('status', 'What runs here, and how the money stands', () =>
      import('./commands/status.ts').then(module => module.status),
    ),
    receipts: lazily('receipts', 'The last receipts', () =>
      import('./commands/receipts.ts').then(module => module.receipts),
    ),
    receipt: defineCommand({
      meta: { name: 'receipt', description: 'receipt verify ID|FILE: verify a receipt offline' },
      subCommands: { verify: receiptVerify },
    }),
    channels: lazily('channels', "The gateway's channels: deposit, ceiling, charged, claimed", () =>
      import('./commands/channels.ts').then(module => module.channels),
    ),
    fund: lazily('fund', 'fund N: put N HED of test money into the channels', () =>
      import('./commands/fund.ts').then(module => module.fund),
    ),
    claim: lazily('claim', 'Have the providers claim and sweep what they earned', () =>
      import('./commands/claim.ts').then(module => module.claim),
    ),
    reconcile: lazily('reconcile', 'Hold both ledgers and the chain against each other', () =>
      import('./commands/reconcile.ts').then(module => module.reconcile),
    ),
    providers: lazily('providers', 'The providers that the gateway knows: prices, latency, health', () =>
      import('./commands/providers.ts').then(module => module.providers),
    ),
  },
})

await runMain(main)
