import { randomBytes } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { openLog } from '@heddle/daemon'
import { isHeddleError } from '@heddle/protocol'
import type { CanaryContent, WatcherSettings } from '@heddle/watcher/settings'
import { defineCommand } from 'citty'
import { call } from '../call.ts'
import { amountOf, numberOf, oneOf } from '../command-line/values.ts'
import { findHome, lastRun, type RunFile, running } from '../home/index.ts'
import { commonArgs, report } from '../report.ts'
import { type Child, startChild } from '../up/children.ts'
import { calibratedIn, calibrateFirst, checkerSettings, knownWeights, namedModels } from '../weights.ts'

/** Milliseconds between two looks whether the house was started again. */
const LOOK = 1_000

export const watch = defineCommand({
  meta: {
    name: 'watch',
    description: "Check a share of this house's answers, and keep every provider's honest rate",
  },
  args: {
    ...commonArgs,
    share: { type: 'string', description: 'The share of the traffic that is checked, 0 … 1', default: '0.05' },
    'canaries-per-hour': { type: 'string', description: 'Questions of its own; 0: none', default: '6' },
    'canary-content': {
      type: 'string',
      description: 'written: of its own; traffic: what keys with --share-prompts asked, of another provider',
      default: 'written',
    },
    cap: { type: 'string', description: 'HED that the questions of its own may cost in all', default: '0.1' },
    port: { type: 'string', description: 'Where it tells its rates; any free port when left out', default: '0' },
    model: { type: 'string', description: 'Weights to hold answers against, with commas between (HEDDLE_MODEL)' },
  },
  run: ({ args }) =>
    report(args, async () => {
      const share = numberOf('--share', args.share, 0, 1, false)
      const canariesPerHour = numberOf('--canaries-per-hour', args['canaries-per-hour'], 0, 3_600, false)
      const canaryContent = oneOf('--canary-content', args['canary-content'], ['written', 'traffic'])
      const cap = amountOf('--cap', args.cap)
      const port = numberOf('--port', args.port, 0, 65_535)
      const home = findHome(args.home)
      const folder = join(home, 'watcher')
      mkdirSync(folder, { recursive: true, mode: 0o700 })
      const log = openLog({ name: 'heddle', file: join(folder, 'supervisor.jsonl') })
      const measured = (): string => [...calibratedIn(home)].toSorted().join()
      let calibrated = measured()
      const start = async (run: RunFile, port: number): Promise<Child> => {
        calibrated = measured()
        const checkers = await checkerSettings(home, namedModels(args.model))
        const settings: WatcherSettings = {
          home: folder,
          port,
          gateway: run.gateway.url,
          adminToken: run.adminToken,
          share,
          canariesPerHour,
          canaryContent,
          checkers,
        }
        const secrets: Record<string, string> =
          canariesPerHour > 0 ? { HEDDLE_API_KEY: await ordinaryKey(run, folder, cap) } : {}
        const module = fileURLToPath(import.meta.resolve('@heddle/watcher/main'))
        return startChild({ name: 'watcher', module, settings, secrets, log, onChange: () => undefined })
      }
      let run = running(home)
      let child = await start(run, port)
      const place = child.ready.port
      const stopping = new AbortController()
      process.once('SIGINT', () => stopping.abort()).once('SIGTERM', () => stopping.abort())
      console.log(`Checks ${share * 100}% of what ${run.gateway.url} answers, and ${canariesPerHour} canaries an hour`)
      console.log(`Rates: heddle providers   Proofs: ${join(folder, 'proofs')}`)
      for (const line of await missing(home, run, canaryContent)) console.log(line)
      console.log(`ready http://127.0.0.1:${place}`)
      while (!stopping.signal.aborted) {
        await pause(LOOK, undefined, { signal: stopping.signal }).catch(() => undefined)
        const now = lastRun(home)
        if (!now || stopping.signal.aborted) continue
        // The house was started again (another token, perhaps another port), or a model was calibrated meanwhile.
        if (now.adminToken === run.adminToken && calibrated === measured()) continue
        run = now
        await child.stop()
        child = await start(run, place)
      }
      await child.stop()
    }),
})

/** What has to be done before every check can say something. */
async function missing(home: string, { gateway, adminToken }: RunFile, content: CanaryContent): Promise<string[]> {
  const ask = <T>(path: string): Promise<T> => call<T>(`${gateway.url}${path}`, { token: adminToken })
  const [{ providers }, { keys }, weights] = await Promise.all([
    ask<{ providers: { models: string[] }[] }>('/heddle/1/providers'),
    ask<{ keys: { shareable?: boolean; revoked?: number }[] }>('/heddle/1/admin/keys'),
    knownWeights(home),
  ])
  const served = new Set(providers.flatMap(one => one.models))
  const done = calibratedIn(home)
  const unmeasured = weights.filter(one => served.has(one.name) && !done.has(one.digest))
  const shares = keys.some(one => one.shareable && one.revoked === undefined)
  return [
    ...calibrateFirst(unmeasured.map(one => one.name)),
    ...(content === 'traffic' && !shares
      ? ['No key shares what it asks, so nothing is asked again: heddle keys add NAME --share-prompts']
      : []),
  ]
}

/** The key that canaries are asked with: the one of before, while it is good, so that what it asked stays known. */
async function ordinaryKey({ gateway, adminToken }: RunFile, folder: string, cap: bigint): Promise<string> {
  const file = join(folder, 'canary-key')
  const known = existsSync(file) ? readFileSync(file, 'utf8').trim() : ''
  const isGood = (): Promise<boolean> =>
    call(`${gateway.url}/v1/models`, { token: known }).then(
      () => true,
      error => !isHeddleError(error) || !error.code.startsWith('key_'),
    )
  if (known !== '' && (await isGood())) return known
  const body = { name: `somebody-${randomBytes(4).toString('hex')}`, cap: cap.toString() }
  const keys = `${gateway.url}/heddle/1/admin/keys`
  const { key } = await call<{ key: string }>(keys, { method: 'POST', token: adminToken, body })
  writeFileSync(file, `${key}\n`, { mode: 0o600, flush: true })
  return key
}
