import { homeSetting } from '@heddle/daemon'
import { type EngineSettings, type Inspected, inspectEngine } from '@heddle/inference/engines'
import { type Log, toHeddleError } from '@heddle/protocol'
import { defineCommand } from 'citty'
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
    ...argumentsOf({
      ...{ engine, engineUrl, engineKey, engineFeatures, engineContext, engineConcurrency, engineWeights },
      ...{ engineFirstToken, engineSilence },
    }),
  },
  run: ({ args }) =>
    report(args, async () => {
      const home = homeSetting(args.home)
      const told = readSettings(home, args)
      const [used, ...others] = told.engine === 'auto' && !told.engineUrl ? usedIn(home) : []
      const settings = engineTerms(told)
      const own = used
        ? [used, ...others].map(one => ({ ...settings, ...one, ...(told.engineKey ? { apiKey: told.engineKey } : {}) }))
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
      const found = await Promise.all(own.map(async settings => ({ settings, found: await look(settings) })))
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

type Look = { seen: Inspected } | { error: string }

const look = (settings: EngineSettings): Promise<Look> =>
  inspectEngine(settings, quiet).then(
    seen => ({ seen }),
    error => ({ error: toHeddleError(error).message }),
  )

function wordsOf({ kind, url }: EngineSettings, found: Look): string {
  if ('error' in found) return `${kind} ${url}: ${found.error}\n`
  const { engine: name, places, models, words } = found.seen
  const lines = [
    `${kind} ${url}: ${name}${places ? `, ${places} at a time` : ''}`,
    ...models.flatMap(model => [
      `  ${model.name}${model.pinned ? ', weights hashed here' : ', weights not hashed'}`,
      `    context  ${model.context} (${model.sources.context})`,
      `    can      ${model.features.join(', ')} (${model.sources.features})`,
    ]),
    ...Object.entries(words).map(([key, value]) => `  ${key}: ${value}`),
    '  otherwise: --engine-features, --engine-context, --engine-concurrency',
  ]
  return `${lines.join('\n')}\n`
}
