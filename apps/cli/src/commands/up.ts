import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { homeSetting, portSetting, setting } from '@heddle/daemon'
import { HeddleError } from '@heddle/protocol'
import { defineCommand } from 'citty'
import { call } from '../call.ts'
import { commonArgs, report } from '../report.ts'
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
  meta: { name: 'up', description: 'Start a chain, two providers and a gateway on this machine' },
  args: {
    ...commonArgs,
    port: { type: 'string', description: "The gateway's port (HEDDLE_PORT; 8402)" },
    model: { type: 'string', description: 'A GGUF file or a name of the catalogue (HEDDLE_MODEL)' },
    chain: { type: 'string', description: 'Another chain than a local one (HEDDLE_CHAIN_URL; with HEDDLE_ASSET)' },
    providers: { type: 'string', description: 'How many providers', default: '2' },
  },
  run: ({ args }) => report(args, () => runUp(args)),
})

async function runUp(args: {
  home?: string
  port?: string
  model?: string
  chain?: string
  providers: string
}): Promise<void> {
  const port = portSetting(setting('--port', { flag: args.port, env: 'HEDDLE_PORT', fallback: '8402' }))
  const model = args.model ?? process.env['HEDDLE_MODEL']
  const chainUrl = args.chain ?? process.env['HEDDLE_CHAIN_URL']
  const asset = process.env['HEDDLE_ASSET']
  const providers = Number(args.providers)
  if (!Number.isInteger(providers) || providers < 1 || providers > 16) {
    throw new HeddleError('setting_invalid', '--providers: from 1 to 16')
  }
  const files = consoleFiles()
  if (port !== 0) await requireFree(port)
  console.log('Starting a local chain, two providers and a gateway…')
  const house = await startHouse({
    home: homeSetting(args.home),
    port,
    providers,
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
  await showFirstScreen(house)
  console.log(`ready ${house.run.gateway.url}`)
}

async function showFirstScreen(house: House): Promise<void> {
  const { url } = house.run.gateway
  const before = await call<Answers>(`${url}/heddle/1/answers?limit=200`)
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
      apiKey: house.apiKey,
      cap: terms.cap,
      jobsLastHour: last ? (status?.demand.jobsLastHour ?? 0) : 0,
    }),
  )
}
