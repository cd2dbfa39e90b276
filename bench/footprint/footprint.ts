import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { mkdirSync, readFileSync, rmSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { RunFile } from '../../apps/cli/src/home/index.ts'
import { installPacked } from '../../test/packages/installed.ts'
import { type Measurement, measurementsOf, median } from '../measurement.ts'
import { family, memoryOf } from '../memory.ts'

const IDLE_SECONDS = 20
const STARTS = 3

/**
 * What an idle house costs, as users have it: the packed packages, installed. Memory is PSS (pages that processes share
 * are split among them); a provider counts with its engine, less the pages of the model file.
 */
export async function* run(): AsyncGenerator<Measurement> {
  const measured = measurementsOf('footprint')
  const folder = installPacked()
  const home = join(folder, 'home')
  mkdirSync(home)
  const entry = join(folder, 'node_modules/heddle/dist/main.js')
  const env = {
    ...process.env,
    PATH: `${dirname(process.execPath)}:${process.env['PATH']}`,
    HEDDLE_HOME: home,
    HEDDLE_PORT: '0',
  }
  try {
    const helps = Array.from({ length: 7 }, () => {
      const started = performance.now()
      execFileSync(process.execPath, [entry, '--help'], { env })
      return performance.now() - started
    })
    yield measured('cli_help_ms', median(helps), 'ms', '<= 500')

    const starts: number[] = []
    for (let i = 0; i <= STARTS; i++) {
      const started = performance.now()
      const up = await startUp(entry, env)
      if (i > 0) starts.push((performance.now() - started) / 1000)
      if (i === STARTS) {
        await new Promise(resolve => setTimeout(resolve, IDLE_SECONDS * 1000))
        const run = JSON.parse(readFileSync(join(home, 'run.json'), 'utf8')) as RunFile
        const providers = run.providers.map(provider => memoryOf(family(provider.pid!)))
        yield measured('gateway_idle_mb', memoryOf(family(run.gateway.pid!)), 'MB', '<= 150')
        yield measured('provider_idle_mb', median(providers), 'MB', '<= 150')
        yield measured(
          'provider_daemon_idle_mb',
          median(run.providers.map(provider => memoryOf([provider.pid!]))),
          'MB',
        )
        yield measured('supervisor_idle_mb', memoryOf([run.pid]), 'MB')
      }
      await stopUp(up)
    }
    yield measured('second_start_s', median(starts), 's', '<= 15')
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

function startUp(entry: string, env: NodeJS.ProcessEnv): Promise<ChildProcess> {
  const up = spawn(process.execPath, [entry, 'up'], { env, stdio: ['ignore', 'pipe', 'inherit'] })
  let output = ''
  return new Promise((resolve, reject) => {
    up.stdout.on('data', chunk => {
      output += String(chunk)
      if (/^ready http/m.test(output)) resolve(up)
    })
    up.once('exit', () => reject(new Error(output)))
  })
}

function stopUp(up: ChildProcess): Promise<void> {
  return new Promise(resolve => {
    up.once('exit', () => resolve())
    up.kill('SIGINT')
  })
}
