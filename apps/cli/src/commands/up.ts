import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { homeSetting, isEverywhere, type Reach } from '@heddle/daemon'
import { HeddleError } from '@heddle/protocol'
import { defineCommand } from 'citty'
import { tellRunning, tellStopped } from '../home/index.ts'
import { commonArgs, report } from '../report.ts'
import { engineName, engineTerms, type OwnEngines, ownEngines } from '../up/engine.ts'
import { argumentsOf } from '../up/option.ts'
import { options, type Settings } from '../up/options.ts'
import { requireFree } from '../up/ports.ts'
import { progressBar } from '../up/progress.ts'
import { readSettings } from '../up/settings.ts'
import { type House, requireAlone, startHouse } from '../up/start.ts'
import { type Waiting, waiting } from '../up/waiting.ts'
import { welcome } from '../up/welcome.ts'

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

type Flags = { home?: string } & Readonly<Record<string, unknown>>

/** What ends a house, from the moment on at which it begins to start. */
const ENDINGS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const

/** Starts a house and keeps it until it is told to end; one that is told so while it starts leaves nothing behind. */
async function runUp(flags: Flags): Promise<void> {
  const ending = new AbortController()
  const ended = new Promise<void>(resolve => ending.signal.addEventListener('abort', () => resolve(), { once: true }))
  for (const signal of ENDINGS) process.on(signal, () => ending.abort())
  endWithNpm(() => ending.abort())
  // A terminal that is gone takes nothing more, and the house still has to end well.
  process.stdout.on('error', () => undefined)
  const home = homeSetting(flags.home)
  const files = consoleFiles()
  const wait = waiting(text => console.log(text))
  const house = await begin(home, flags, files, ending.signal, wait).catch(error => {
    if (!ending.signal.aborted) throw error
    console.log('\nStopped.')
    process.exit(0)
  })
  tellRunning(home)
  wait.stage('asking a first question, as anybody would (an engine may have to load its model)')
  const shown = welcome(house, files !== undefined)
    .catch((error: Error) => console.log(`! ${error.message}`))
    .finally(() => wait.end())
    .then(() => ending.signal.aborted || console.log(`ready ${house.run.gateway.url}`))
  await Promise.race([shown.then(() => ended), ended])
  console.log('\nStopping…')
  tellStopped(home)
  await house.stop().then(
    () => process.exit(0),
    () => process.exit(1),
  )
}

/** npm tells nobody that it was ended, and whoever ends it means the house. */
function endWithNpm(stop: () => void): void {
  if (!process.env['npm_lifecycle_event']) return
  const parent = process.ppid
  setInterval(() => process.ppid !== parent && stop(), 500).unref()
}

async function begin(
  home: string,
  flags: Flags,
  files: string | undefined,
  signal: AbortSignal,
  wait: Waiting,
): Promise<House> {
  const settings = readSettings(home, flags)
  const { port, model, chain, asset, engineUrl, engineKey, buyFrom, sell, sellPort, sellUrl, publicUrl } = settings
  const reach = reachOf(settings)
  requireAlone(home)
  await requireFree(port, reach)
  const own = await ownEngines(settings.engine, {
    ...(engineUrl ? { url: engineUrl } : {}),
    ...(engineKey ? { apiKey: engineKey } : {}),
    settings: engineTerms(settings),
  })
  const providers = settings.providers ?? (own || buyFrom.length > 0 ? 0 : 2)
  if (providers === 0 && !own && buyFrom.length === 0) {
    throw new HeddleError('setting_invalid', '--providers: 0 needs an own engine, or --buy-from: nobody would answer')
  }
  if (reach.host !== '127.0.0.1') console.log(`! ${whoReaches(reach)}`)
  console.log(`Starting ${whatStarts(own, providers)}chain and gateway…`)
  return startHouse({
    home,
    port,
    providers,
    settings,
    signal,
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
    onStage: words => wait.stage(words),
    onNotice: text => console.log(`! ${text}`),
  })
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
  [own ? `own engine (${engineName(own)}), ` : '', providers > 0 ? `${providers} providers for test work, ` : ''].join(
    '',
  )
