import { homeSetting } from '@heddle/daemon'
import { type EngineSettings, engineAddress, type Inspected, inspectEngine } from '@heddle/inference/engines'
import { type Log, toHeddleError } from '@heddle/protocol'
import { defineCommand } from 'citty'
import { call } from '../call.ts'
import { isAlive, lastRun } from '../home/index.ts'
import { commonArgs, printJson, report } from '../report.ts'
import { engineTerms, ownEngines } from '../up/engine.ts'
import { argumentsOf } from '../up/option.ts'
import { options } from '../up/options.ts'
import { readSettings } from '../up/settings.ts'

const quiet: Log = { info() {}, warn() {}, error() {} }
const {
  engine,
  engineUrl,
  engineKey,
  engineFeatures,
  engineContext,
  engineConcurrency,
  engineWeights,
  engineFirstToken,
  engineSilence,
} = options

export const engines = defineCommand({
  meta: {
    name: 'engines',
    description: 'The engines of this machine: what each can do, how it was found out, and how to say otherwise',
  },
  args: {
    ...commonArgs,
    ask: {
      type: 'boolean',
      description:
        'Ask also an engine that answers a question of this house now, and ends that answer for whoever asks anything else (llama-cpp-python)',
      default: false,
    },
    ...argumentsOf({
      ...{ engine, engineUrl, engineKey, engineFeatures, engineContext, engineConcurrency, engineWeights },
      ...{ engineFirstToken, engineSilence },
    }),
  },
  run: ({ args }) =>
    report(args, async () => {
      const home = homeSetting(args.home)
      const told = readSettings(home, args)
      const used = usedIn(home).filter(
        ({ kind, url }) =>
          (told.engine === 'auto' || told.engine === kind) && (!told.engineUrl || isSame(url, told.engineUrl)),
      )
      const settings = engineTerms(told)
      const own = used.length
        ? used.map(one => ({ ...settings, ...one, ...(told.engineKey ? { apiKey: told.engineKey } : {}) }))
        : await ownEngines(told.engine, {
            ...(told.engineUrl ? { url: told.engineUrl } : {}),
            ...(told.engineKey ? { apiKey: told.engineKey } : {}),
            settings,
          })
      if (own === undefined || own === 'built-in') {
        const why = own
          ? 'the built-in engine is used: its model is a setting (--model)'
          : 'no engine answers on this machine'
        if (args.json) return printJson({ engines: [], note: why })
        return console.log(why)
      }
      const working = args.ask ? [] : await atWork(home)
      const lookAt = async (engine: EngineSettings): Promise<Look> =>
        working.some(url => isSame(url, engine.url)) ? { error: AT_WORK } : look(engine)
      const found = await Promise.all(own.map(async settings => ({ settings, found: await lookAt(settings) })))
      if (args.json)
        return printJson({ engines: found.map(({ settings: { kind, url }, found: one }) => ({ kind, url, ...one })) })
      for (const { settings, found: one } of found) console.log(wordsOf(settings, one))
    }),
})

/** The engines that the house of this home uses now, wherever they are. */
function usedIn(home: string): Pick<EngineSettings, 'kind' | 'url'>[] {
  const run = lastRun(home)
  if (!run || !isAlive(run.pid)) return []
  return (run.engines ?? []) as Pick<EngineSettings, 'kind' | 'url'>[]
}

const isSame = (one: string, other: string): boolean =>
  engineAddress(one, true).origin === engineAddress(other, true).origin

const AT_WORK =
  'not looked at: it answers a question now, and would end that answer for whoever asks it anything else; --ask asks it all the same'

/** Engines that answer for this house now, and that a look would interrupt, by their addresses. */
async function atWork(home: string): Promise<string[]> {
  const run = lastRun(home)
  if (!run || !isAlive(run.pid)) return []
  const own = run.providers.filter(one => one.own)
  const told = await Promise.all(
    own.map(({ url }) => call<ProviderStatus>(`${url}/heddle/1/status`).catch(() => undefined)),
  )
  return told.flatMap(status => Object.values(status?.workers ?? {}).flatMap(interrupted))
}

type WorkerStatus = Readonly<Record<string, string | number | boolean>>
type ProviderStatus = { workers: Readonly<Record<string, WorkerStatus>> }

/** Of several engines behind one worker each says what it says under its number. */
function interrupted(status: WorkerStatus): string[] {
  const numbers = Object.keys(status).flatMap(key => (/(^|\.)url$/.test(key) ? key.slice(0, -'url'.length) : []))
  return numbers
    .filter(number => status[`${number}shy`] === true && Number(status[`${number}running`]) > 0)
    .map(number => String(status[`${number}url`]))
}

type Look = { seen: Inspected } | { error: string }

const look = (settings: EngineSettings): Promise<Look> =>
  inspectEngine(settings, quiet).then(
    seen => ({ seen }),
    error => ({ error: toHeddleError(error).message }),
  )

function wordsOf({ kind, url }: EngineSettings, found: Look): string {
  if ('error' in found) return `${kind} ${url}: ${found.error}\n`
  const { engine: name, places, shy, models, words } = found.seen
  const lines = [
    `${kind} ${url}: ${name}${places ? `, ${places} at a time` : ''}`,
    ...models.flatMap(model => [
      `  ${model.name}${model.pinned ? ', weights hashed here' : ', weights not hashed'}`,
      `    context  ${model.context} (${model.sources.context})`,
      `    can      ${model.features.join(', ')} (${model.sources.features})`,
    ]),
    ...(shy ? ['  ends an answer that it is at for whoever asks it anything else, this command too'] : []),
    ...Object.entries(words).map(([key, value]) => `  ${key}: ${value}`),
    '  otherwise: --engine-features, --engine-context, --engine-concurrency',
  ]
  return `${lines.join('\n')}\n`
}
