import { mkdirSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { openLog } from '@heddle/daemon'
import {
  ALL_CONDITIONS,
  buildsOf,
  keepInFile,
  calibrate as measure,
  probeIsolation,
  writeCalibration,
} from '@heddle/inference/checker'
import { models, resolveModel } from '@heddle/inference/models'
import { digestOf } from '@heddle/protocol'
import { defineCommand } from 'citty'
import { numberOf } from '../command-line/values.ts'
import { findHome } from '../home/index.ts'
import { commonArgs, printJson, report, table } from '../report.ts'
import { calibrationsFolder, modelsFolder } from '../weights.ts'

export const calibrate = defineCommand({
  meta: {
    name: 'calibrate',
    description: 'Measure how far honest answers of a model are from its weights, and store it',
  },
  args: {
    model: {
      type: 'positional',
      description: `A GGUF file, or one of ${models.map(({ name }) => name).join(', ')}`,
      required: true,
    },
    ...commonArgs,
    others: { type: 'string', description: 'Weights that could be served in its place, with commas between' },
    builds: {
      type: 'boolean',
      description: "Calibrate the engine's builds for other processors, too: where answers come from such",
      default: false,
    },
    answers: { type: 'string', description: 'Answers of each way to run the engine', default: '40' },
  },
  run: ({ args }) =>
    report(args, async () => {
      const answers = numberOf('--answers', args.answers, 1, 100_000)
      const home = findHome(args.home)
      const began = performance.now()
      const directory = modelsFolder(home)
      const find = (setting: string) => resolveModel({ setting, directory })
      const model = await find(args.model)
      const others = await Promise.all((args.others ?? '').split(',').filter(Boolean).map(find))
      const stopping = new AbortController()
      process.once('SIGINT', () => stopping.abort()).once('SIGTERM', () => stopping.abort())
      const builds = args.builds ? await buildsOf(await probeIsolation()) : []
      const folder = calibrationsFolder(home)
      mkdirSync(folder, { recursive: true })
      const file = join(folder, `${model.digest}.json`)
      const ways = ALL_CONDITIONS.length * (1 + builds.length) + others.length
      if (!args.json)
        console.log(
          `Measures ${answers} answers in each of ${ways} ways; how long that takes is told with the first of them. What is measured is kept if you stop it.`,
        )
      const kept = keepInFile(`${file}.part`, digestOf(`${model.digest} ${answers}`))
      const calibration = await measure({
        model,
        others,
        answers,
        builds,
        kept,
        directory,
        log: openLog({ name: 'calibrate', file: join(home, 'calibrate.jsonl') }),
        signal: stopping.signal,
        onProgress: (done, left) =>
          args.json ? undefined : console.log(`  ${done}${left === undefined ? '' : `; ${minutes(left)} left in all`}`),
      })
      writeFileSync(`${file}.new`, writeCalibration(calibration), { flush: true })
      renameSync(`${file}.new`, file)
      kept.remove()
      if (args.json) return printJson({ file, calibration })
      const rows = calibration.engines.map(({ engine, chosenOn, testedOn, thresholds, falsePositiveRate }) => [
        `${engine.build} ${engine.hardware}`,
        String(chosenOn + testedOn),
        ...[thresholds.maximum, thresholds.tail, thresholds.mean].map(String),
        falsePositiveRate.toPrecision(2),
      ])
      const head = ['engine', 'answers', 'most, a token', 'a tail', 'the mean', 'false positives at most']
      console.log(table(head, rows))
      for (const { name, caught, answers } of calibration.others)
        console.log(`${name}: ${caught} of ${answers} are seen`)
      console.log(`✓ ${file}, after ${minutes(performance.now() - began)}`)
    }),
})

const minutes = (milliseconds: number): string =>
  milliseconds < 60_000 ? 'less than a minute' : `about ${Math.round(milliseconds / 60_000)} min`
