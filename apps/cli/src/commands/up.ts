import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { homeSetting, isEverywhere, type Reach } from '@heddle/daemon'
import { HeddleError } from '@heddle/protocol'
import { defineCommand } from 'citty'
import { call } from '../call.ts'
import { pageLink } from '../page.ts'
import { commonArgs, report } from '../report.ts'
import { engineName, engineTerms, type OwnEngines, ownEngines } from '../up/engine.ts'
import { askFirstQuestion, type FirstAnswer } from '../up/first-question.ts'
import { argumentsOf } from '../up/option.ts'
import { options, type Settings } from '../up/options.ts'
import { requireFree } from '../up/ports.ts'
import { progressBar } from '../up/progress.ts'
import { firstScreen } from '../up/screen.ts'
import { readSettings } from '../up/settings.ts'
import { type House, startHouse } from '../up/start.ts'
import { terms } from '../up/terms.ts'

type Answers = {
  answers: { id: string; state: string; answer: string; charge: string; usage: Record<string, string> }[]
}

/** The built console, where the package holds one. */
function consoleFiles(): string | undefined {
  const directory = join(dirname(fileURLToPath(import.meta.resolve('@heddle/console/package.json'))), 'dist')
  return existsSync(join(directory, 'index.html')) ? directory : undefined
}

export const up = defineCommand({
  meta: { name: 'up', description: 'Start everything on this machine: own engines, a chain, providers, a gateway' },
  args: { ...commonArgs, ...argumentsOf(options) },
  run: ({ args }) => report(args, () => runUp(args)),
})

async function runUp(args: { home?: string } & Readonly<Record<string, unknown>>): Promise<void> {
  const home = homeSetting(args.home)
  const settings = readSettings(home, args)
  const { port, model, chain, asset, engineUrl, engineKey, buyFrom, sell, sellPort, sellUrl, publicUrl } = settings
  const own = await ownEngines(settings.engine, {
    ...(engineUrl ? { url: engineUrl } : {}),
    ...(engineKey ? { apiKey: engineKey } : {}),
    settings: engineTerms(settings),
  })
  const providers = settings.providers ?? (own || buyFrom.length > 0 ? 0 : 2)
  if (providers === 0 && !own && buyFrom.length === 0) {
    throw new HeddleError('setting_invalid', '--providers: 0 needs an own engine, or --buy-from: nobody would answer')
  }
  const reach = reachOf(settings)
  if (reach.host !== '127.0.0.1') console.log(`! ${whoReaches(reach)}`)
  const files = consoleFiles()
  await requireFree(port, reach)
  console.log(`Starting ${whatStarts(own, providers)}chain and gateway…`)
  const house = await startHouse({
    home,
    port,
    providers,
    settings,
    ...(sell ? { sell: { port: sellPort, ...(sellUrl ? { url: sellUrl } : {}) } } : {}),
    reach,
    ...(publicUrl ? { publicUrl } : {}),
    buyFrom,
    ...(own ? { own } : {}),
    ...(model ? { model } : {}),
    ...(chain ? { chainUrl: chain } : {}),
    ...(asset ? { asset } : {}),
    ...(files ? { console: files } : {}),
    onProgress: progressBar(process.stdout),
    onNotice: text => console.log(`! ${text}`),
  })
  let stopping = false
  const stop = (): void => {
    if (stopping) return
    stopping = true
    console.log('\nStopping…')
    house.stop().then(
      () => process.exit(0),
      () => process.exit(1),
    )
  }
  process.on('SIGINT', stop)
  process.on('SIGTERM', stop)
  await showFirstScreen(house, files !== undefined)
  console.log(`ready ${house.run.gateway.url}`)
}

/** Where this house listens and who may call it. Throws `setting_invalid` where nobody could be told where it sells. */
function reachOf({ listen: host = '127.0.0.1', allowHost, allowOrigin, sell, sellUrl }: Settings): Reach {
  if (sell && isEverywhere(host) && !sellUrl)
    throw new HeddleError(
      'setting_invalid',
      `--sell at every address (--listen ${host}) needs --sell-url (HEDDLE_SELL_URL): what buyers call this place`,
    )
  return { host, names: allowHost, origins: allowOrigin }
}

const whoReaches = ({ host, names = [] }: Reach): string =>
  [
    `Others reach this house at ${isEverywhere(host) ? 'every address of this machine' : host}, over plain HTTP: whoever is on the way can read.`,
    'Put TLS before it, and say with --public-url what others call it then.',
    `Called by a name it answers only to ${['localhost', ...names].join(', ')}; --allow-host NAME adds one.`,
  ].join('\n  ')

const whatStarts = (own: OwnEngines | undefined, providers: number): string =>
  [own ? `own engine (${engineName(own)}), ` : '', providers > 0 ? `${providers} of test work, ` : ''].join('')

async function showFirstScreen(house: House, hasPage: boolean): Promise<void> {
  const { run } = house
  const { url } = run.gateway
  const shown = run.gateway.publicUrl ?? url
  const before = await call<Answers>(`${url}/heddle/1/answers?limit=200`, { token: run.adminToken })
  const last = before.answers.find(one => one.state === 'done')
  let answer: FirstAnswer | undefined = last && {
    text: last.answer,
    tokens: Object.values(last.usage).reduce((sum, count) => sum + Number(count), 0),
    charge: BigInt(last.charge),
    receipt: last.id,
    milliseconds: 0,
  }
  if (!answer) {
    answer = await askFirstQuestion(house).catch((error: Error) => {
      console.log(`! The first question was not answered: ${error.message}`)
      return undefined
    })
  }
  const status =
    house.run.providers[0] &&
    (await call<{ demand: { jobsLastHour: number } }>(`${house.run.providers[0].url}/heddle/1/status`))
  console.log(
    firstScreen({
      answer,
      answers: last ? before.answers.filter(one => one.state === 'done').length : 1,
      url: shown,
      page: hasPage ? await pageLink(run, answer ? `/receipts/${answer.receipt}` : '/') : undefined,
      own: run.providers.some(one => one.own),
      apiKey: house.apiKey,
      cap: terms.cap,
      jobsLastHour: last ? (status?.demand.jobsLastHour ?? 0) : 0,
    }),
  )
}
