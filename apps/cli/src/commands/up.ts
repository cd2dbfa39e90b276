import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { homeSetting, portSetting, reachSetting, setting } from '@heddle/daemon'
import { HeddleError } from '@heddle/protocol'
import { defineCommand } from 'citty'
import { call } from '../call.ts'
import { pageLink } from '../page.ts'
import { commonArgs, report } from '../report.ts'
import { ENGINE_CHOICES, engineChoice, engineName, ownEngines } from '../up/engine.ts'
import { askFirstQuestion, type FirstAnswer } from '../up/first-question.ts'
import { requireFree } from '../up/ports.ts'
import { progressBar } from '../up/progress.ts'
import { firstScreen } from '../up/screen.ts'
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
  args: {
    ...commonArgs,
    port: { type: 'string', description: "The gateway's port (HEDDLE_PORT; 8402)" },
    model: { type: 'string', description: 'A GGUF file or a name of the catalogue (HEDDLE_MODEL)' },
    chain: { type: 'string', description: 'Another chain than a local one (HEDDLE_CHAIN_URL; with HEDDLE_ASSET)' },
    engine: { type: 'string', description: `Own engine: ${ENGINE_CHOICES.join(', ')} (HEDDLE_ENGINE; auto)` },
    'engine-url': { type: 'string', description: 'Where the own engine listens (HEDDLE_ENGINE_URL)' },
    sell: { type: 'boolean', description: 'Sell what the own engine has to spare', default: false },
    'sell-port': { type: 'string', description: 'The port at which it is sold (HEDDLE_SELL_PORT; any)' },
    'sell-url': { type: 'string', description: 'What others call that place, behind a proxy (HEDDLE_SELL_URL)' },
    listen: { type: 'string', description: 'The address at which other machines reach this one (HEDDLE_LISTEN)' },
    'buy-from': { type: 'string', description: 'Other providers, by URL, with commas between (HEDDLE_BUY_FROM)' },
    providers: { type: 'string', description: 'How many providers of test work; 2, or 0 beside an own engine' },
  },
  run: ({ args }) => report(args, () => runUp(args)),
})

async function runUp(args: {
  home?: string
  port?: string
  model?: string
  chain?: string
  engine?: string
  'engine-url'?: string
  sell: boolean
  'sell-port'?: string
  'sell-url'?: string
  listen?: string
  'buy-from'?: string
  providers?: string
}): Promise<void> {
  const port = portSetting(setting('--port', { flag: args.port, env: 'HEDDLE_PORT', fallback: '8402' }))
  const model = args.model ?? process.env['HEDDLE_MODEL']
  const chainUrl = args.chain ?? process.env['HEDDLE_CHAIN_URL']
  const asset = process.env['HEDDLE_ASSET']
  const url = args['engine-url'] ?? process.env['HEDDLE_ENGINE_URL']
  const secret = process.env['HEDDLE_ENGINE_KEY']
  const own = await ownEngines(
    engineChoice(setting('--engine', { flag: args.engine, env: 'HEDDLE_ENGINE', fallback: 'auto' })),
    { ...(url ? { url } : {}), ...(secret ? { apiKey: secret } : {}) },
  )
  const buyFrom = (args['buy-from'] ?? process.env['HEDDLE_BUY_FROM'] ?? '').split(',').filter(one => one !== '')
  for (const one of buyFrom) {
    if (!URL.canParse(one)) throw new HeddleError('setting_invalid', `--buy-from: "${one}" is no URL`)
  }
  const providers = Number(args.providers ?? (own ? 0 : 2))
  if (!Number.isInteger(providers) || providers < (own ? 0 : 1) || providers > 16) {
    throw new HeddleError('setting_invalid', `--providers: from ${own ? 0 : 1} to 16`)
  }
  const host = args.listen ?? process.env['HEDDLE_LISTEN']
  const sellUrl = args['sell-url'] ?? process.env['HEDDLE_SELL_URL']
  const sellPort = portSetting(
    setting('--sell-port', { flag: args['sell-port'], env: 'HEDDLE_SELL_PORT', fallback: '0' }),
  )
  const reach = host === undefined ? undefined : reachSetting(host)
  const behind = sellUrl === undefined ? undefined : reachSetting(host ?? '127.0.0.1', sellUrl).url
  if (reach && host !== '127.0.0.1')
    console.log(
      `! Others reach this house at ${host}, over plain HTTP: whoever is on the way can read. Put TLS before it.`,
    )
  const files = consoleFiles()
  if (port !== 0) await requireFree(port)
  console.log(`Starting ${own ? `own engine (${engineName(own)})` : 'two providers'}, chain and gateway…`)
  const house = await startHouse({
    home: homeSetting(args.home),
    port,
    providers,
    ...(args.sell ? { sell: { port: sellPort, ...(behind ? { url: behind } : {}) } } : {}),
    ...(reach ? { reach } : {}),
    buyFrom,
    ...(own ? { own } : {}),
    ...(model ? { model } : {}),
    ...(chainUrl ? { chainUrl } : {}),
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

async function showFirstScreen(house: House, hasPage: boolean): Promise<void> {
  const { run } = house
  const { url } = run.gateway
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
      url,
      page: hasPage ? await pageLink(run, answer ? `/receipts/${answer.receipt}` : '/') : undefined,
      own: run.providers.some(one => one.own),
      apiKey: house.apiKey,
      cap: terms.cap,
      jobsLastHour: last ? (status?.demand.jobsLastHour ?? 0) : 0,
    }),
  )
}
