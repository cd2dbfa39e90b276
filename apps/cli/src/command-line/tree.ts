import { type CommandDef, defineCommand } from 'citty'
import { type ClientName, startable } from '../clients/clients.ts'
import { tableOf } from './run.ts'

/** A command that is loaded when it is called, not to be listed: `--help` is instant. */
const lazily = (name: string, description: string, load: () => Promise<unknown>): CommandDef => {
  const loaded = () => load() as Promise<CommandDef>
  return {
    meta: { name, description },
    args: () => loaded().then(tableOf),
    run: context => loaded().then(command => command.run?.(context)),
  }
}

const startsClient = (name: ClientName): CommandDef => ({
  meta: { name, description: `Start ${name} so that it asks this house; its arguments follow` },
})

const receiptVerify = lazily('verify', 'Verify a receipt offline: an id, or a file', () =>
  import('../commands/receipt.ts').then(module => module.verify),
)

/** Every command, by its words. */
export const tree = defineCommand({
  meta: {
    name: 'heddle',
    version: '0.1.0',
    description: "Strangers' machines do AI work for pay, and every answer has a receipt that anyone can check.",
  },
  subCommands: {
    up: lazily('up', 'Start everything on this machine: own engines, a chain, providers, a gateway', () =>
      import('../commands/up.ts').then(module => module.up),
    ),
    keys: defineCommand({
      meta: { name: 'keys', description: 'API keys: list, add NAME --cap N, cap NAME N, revoke NAME' },
      default: 'list',
      subCommands: {
        list: lazily('list', 'Every key: what it may, and what it spent', () =>
          import('../commands/keys.ts').then(module => module.list),
        ),
        add: lazily('add', 'Make a key; it is shown this once', () =>
          import('../commands/keys.ts').then(module => module.add),
        ),
        cap: lazily('cap', 'Give a key another cap, from now on', () =>
          import('../commands/keys.ts').then(module => module.cap),
        ),
        revoke: lazily('revoke', 'Refuse a key from now on', () =>
          import('../commands/keys.ts').then(module => module.revoke),
        ),
      },
    }),
    usage: lazily('usage', 'What was asked and what it cost, by key and day', () =>
      import('../commands/usage.ts').then(module => module.usage),
    ),
    page: lazily('page', "A link to the gateway's page", () =>
      import('../commands/page.ts').then(module => module.page),
    ),
    mcp: lazily('mcp', 'Serve ask, quote, receipts and balance to an MCP client, over stdio', () =>
      import('../commands/mcp.ts').then(module => module.mcp),
    ),
    engines: lazily('engines', 'The engines of this machine, what each can do, and how that is known', () =>
      import('../commands/engines.ts').then(module => module.engines),
    ),
    env: lazily('env', 'env CLIENT: what a client needs to ask this house, as variables of a shell', () =>
      import('../commands/env.ts').then(module => module.env),
    ),
    ...Object.fromEntries(startable.map(one => [one, startsClient(one)])),
    status: lazily('status', 'What runs here, and how the money stands', () =>
      import('../commands/status.ts').then(module => module.status),
    ),
    receipts: lazily('receipts', 'The last receipts', () =>
      import('../commands/receipts.ts').then(module => module.receipts),
    ),
    receipt: defineCommand({
      meta: {
        name: 'receipt',
        description:
          'receipt verify ID|FILE: verify a receipt offline; receipt check ID: check its answer; receipt asked ID|FILE: hold it against what you asked',
      },
      subCommands: {
        verify: receiptVerify,
        asked: lazily('asked', 'Hold what you asked and got against a receipt', () =>
          import('../commands/asked.ts').then(module => module.asked),
        ),
        check: lazily(
          'check',
          'Check an answer that was paid for again: exit code 0 honest, 1 dishonest, 2 inconclusive',
          () => import('../commands/check.ts').then(module => module.check),
        ),
      },
    }),
    prove: lazily('prove', 'prove ID: write a fraud proof; prove --verify FILE: verify one offline', () =>
      import('../commands/prove.ts').then(module => module.prove),
    ),
    watch: lazily('watch', "Check a share of this house's answers, and keep every provider's honest rate", () =>
      import('../commands/watch.ts').then(module => module.watch),
    ),
    calibrate: lazily('calibrate', 'calibrate MODEL: measure how far honest answers are from its weights', () =>
      import('../commands/calibrate.ts').then(module => module.calibrate),
    ),
    channels: lazily('channels', "The gateway's channels: deposit, ceiling, charged, claimed", () =>
      import('../commands/channels.ts').then(module => module.channels),
    ),
    fund: lazily('fund', 'fund N: put N HED of test money into the channels', () =>
      import('../commands/fund.ts').then(module => module.fund),
    ),
    claim: lazily('claim', 'Have the providers claim and sweep what they earned', () =>
      import('../commands/claim.ts').then(module => module.claim),
    ),
    reconcile: lazily('reconcile', 'Hold both ledgers and the chain against each other', () =>
      import('../commands/reconcile.ts').then(module => module.reconcile),
    ),
    providers: lazily('providers', 'The providers that the gateway knows: prices, latency, health, honest rate', () =>
      import('../commands/providers.ts').then(module => module.providers),
    ),
  },
})
