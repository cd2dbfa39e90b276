import { formatUnits } from '@heddle/protocol'
import { POLICIES } from '@heddle/sdk'
import { defineCommand } from 'citty'
import { call } from '../call.ts'
import { amountOf, comingTimeOf, oneOf, rateOf, severalOf } from '../command-line/values.ts'
import { findHome, running } from '../home/index.ts'
import { commonArgs, printJson, report, table } from '../report.ts'

type Key = {
  name: string
  cap: string
  spent: string
  held: string
  policy: string
  rate?: number
  tokens?: number
  expires?: number
  models?: string[]
  shareable?: boolean
  strict?: boolean
  revoked?: number
}

const keysOf = (args: { home?: string }) => {
  const home = findHome(args.home)
  const run = running(home)
  return { home, url: `${run.gateway.url}/heddle/1/admin/keys`, token: run.adminToken }
}

export const add = defineCommand({
  meta: { name: 'add', description: 'Make a key; it is shown this once' },
  args: {
    name: { type: 'positional', description: 'What to call it', required: true },
    ...commonArgs,
    cap: { type: 'string', description: 'HED that it may spend in all', required: true },
    rate: { type: 'string', description: 'Requests a minute, e.g. 60/min' },
    tokens: { type: 'string', description: 'Tokens a minute, e.g. 100000/min' },
    expires: { type: 'string', description: 'Refused from this date or time on, e.g. 2030-12-31' },
    policy: { type: 'string', description: 'own-first (default), own-only, network-only or cheapest' },
    models: { type: 'string', description: 'The only models that it may ask, with commas between' },
    strict: {
      type: 'boolean',
      description: 'Every field that it sends is honoured or refused by name; nothing is passed over',
    },
    'share-prompts': {
      type: 'boolean',
      description: 'What it asks may be asked again, word for word, of any other provider, to check that one',
    },
  },
  run: ({ args }) =>
    report(args, async () => {
      const body = {
        name: args.name,
        cap: amountOf('--cap', args.cap).toString(),
        ...(args.rate === undefined ? {} : { rate: rateOf('--rate', args.rate) }),
        ...(args.tokens === undefined ? {} : { tokens: rateOf('--tokens', args.tokens) }),
        ...(args.expires === undefined ? {} : { expires: comingTimeOf('--expires', args.expires) }),
        ...(args.policy === undefined ? {} : { policy: oneOf('--policy', args.policy, POLICIES) }),
        ...(args.models === undefined ? {} : { models: severalOf('--models', args.models) }),
        ...(args.strict ? { strict: true } : {}),
        ...(args['share-prompts'] ? { shareable: true } : {}),
      }
      const { home, url, token } = keysOf(args)
      const made = await call<{ key: string }>(url, { method: 'POST', token, body })
      if (args.json) return printJson(made)
      console.log(made.key)
      console.error(`Keep it now: it is not shown again. It is a key of the house in ${home}.`)
    }),
})

export const cap = defineCommand({
  meta: { name: 'cap', description: 'Give a key another cap, from now on' },
  args: {
    name: { type: 'positional', description: 'Its name', required: true },
    amount: {
      type: 'positional',
      description: 'HED that it may spend in all, what it has spent included',
      required: true,
    },
    ...commonArgs,
  },
  run: ({ args }) =>
    report(args, async () => {
      const body = { cap: amountOf('AMOUNT', args.amount).toString() }
      const { url, token } = keysOf(args)
      const key = await call<Key>(`${url}/${encodeURIComponent(args.name)}`, { method: 'PATCH', token, body })
      if (args.json) return printJson(key)
      const left = BigInt(key.cap) - BigInt(key.spent) - BigInt(key.held)
      console.log(
        `✓ ${args.name} may spend ${formatUnits(BigInt(key.cap))} HED in all; ${formatUnits(left)} HED are left`,
      )
    }),
})

export const revoke = defineCommand({
  meta: { name: 'revoke', description: 'Refuse a key from now on' },
  args: { name: { type: 'positional', description: 'Its name', required: true }, ...commonArgs },
  run: ({ args }) =>
    report(args, async () => {
      const { url, token } = keysOf(args)
      const revoked = await call<Key>(`${url}/${encodeURIComponent(args.name)}`, { method: 'DELETE', token })
      if (args.json) return printJson(revoked)
      console.log(`✓ ${args.name} is refused from now on; it spent ${formatUnits(BigInt(revoked.spent))} HED`)
    }),
})

export const list = defineCommand({
  meta: { name: 'list', description: 'Every key: what it may, and what it spent' },
  args: { ...commonArgs, all: { type: 'boolean', description: 'Those that were revoked, too', default: false } },
  run: ({ args }) =>
    report(args, async () => {
      const { url, token } = keysOf(args)
      const { keys } = await call<{ keys: Key[] }>(url, { token })
      if (args.json) return printJson({ keys })
      const shown = keys.filter(one => args.all || one.revoked === undefined)
      const hed = (amount: string): string => formatUnits(BigInt(amount))
      const rows = shown.map(one => [
        one.name,
        hed(one.cap),
        hed(one.spent),
        hed(one.held),
        one.policy,
        one.rate ? `${one.rate}/min` : '–',
        one.tokens ? `${one.tokens}/min` : '–',
        stateOf(one),
        one.models?.join(' ') ?? 'all',
        one.shareable ? 'shared' : 'kept',
        one.strict ? 'refused' : 'named',
      ])
      console.log(
        table(
          ['key', 'cap', 'spent', 'held', 'policy', 'requests', 'tokens', 'good', 'models', 'prompts', 'unused'],
          rows,
        ),
      )
      console.log('  amounts in HED; prompts: shared, a watcher may ask them again of others, or kept')
      console.log('  unused: what cannot be honoured is named in the answer, or refused (--strict)')
      if (shown.some(({ name }) => name.startsWith('somebody-')))
        console.log('  somebody-…: what heddle watch asks its own questions with, within its --cap')
      if (shown.length < keys.length) console.log(`  ${keys.length - shown.length} revoked: heddle keys list --all`)
    }),
})

function stateOf({ revoked, expires }: Key): string {
  if (revoked !== undefined) return 'revoked'
  if (expires === undefined) return 'yes'
  const date = new Date(expires).toISOString().slice(0, 16)
  return expires <= Date.now() ? `expired ${date}` : `until ${date}`
}
