import { execFileSync, spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { freePort } from '../../apps/cli/src/up/ports.ts'
import type { Peer } from './portkey.ts'
import { end, type Measured } from './processes.ts'

/** The peer, pinned. Without a database: it knows one key, pays nobody and writes nothing down. */
const VERSION = '1.106.0'

/** LiteLLM's proxy from Python's registry, in an environment of its own. Throws when it cannot be had. */
function install(): string {
  const directory = join(import.meta.dirname, '../.peers/litellm')
  const file = join(directory, 'bin/litellm')
  if (existsSync(file)) return file
  mkdirSync(directory, { recursive: true })
  execFileSync('python3', ['-m', 'venv', directory], { stdio: 'ignore', timeout: 120_000 })
  const words = ['install', '--quiet', `litellm[proxy]==${VERSION}`]
  execFileSync(join(directory, 'bin/pip'), words, { stdio: 'ignore', timeout: 500_000 })
  return file
}

/** Starts one worker of it in front of the same engine. */
export async function startLiteLlm(engine: Measured, model: string): Promise<Peer> {
  const file = install()
  const port = await freePort()
  const key = `sk-${randomBytes(24).toString('hex')}`
  const config = join(import.meta.dirname, '../.peers/litellm/config.yaml')
  writeFileSync(
    config,
    `model_list:\n  - model_name: ${model}\n    litellm_params:\n      model: openai/${model}\n` +
      `      api_base: http://127.0.0.1:${engine.port}/v1\n      api_key: any\n`,
  )
  const child = spawn(file, ['--config', config, '--port', String(port), '--host', '127.0.0.1', '--num_workers', '1'], {
    stdio: 'ignore',
    env: {
      PATH: process.env['PATH'] ?? '',
      HOME: process.env['HOME'] ?? '',
      LITELLM_MODE: 'PRODUCTION',
      LITELLM_LOG: 'ERROR',
      // It refuses to start without one.
      LITELLM_MASTER_KEY: key,
      LITELLM_LOCAL_MODEL_COST_MAP: 'True',
    },
  })
  const started = Date.now()
  for (;;) {
    const up = await fetch(`http://127.0.0.1:${port}/health/liveliness`).then(
      response => response.ok,
      () => false,
    )
    if (up) break
    if (Date.now() - started > 120_000 || child.exitCode !== null) throw new Error('LiteLLM does not start')
    await new Promise(resolve => setTimeout(resolve, 250))
  }
  return {
    name: 'litellm',
    pid: child.pid!,
    port,
    stop: () => end(child),
    headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
    configuration: `LiteLLM ${VERSION}, one worker, LITELLM_MODE=PRODUCTION, a master key, no database, no callbacks`,
  }
}
