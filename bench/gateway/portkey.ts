import { execFileSync, spawn } from 'node:child_process'
import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { freePort } from '../../apps/cli/src/up/ports.ts'
import { end, type Measured } from './processes.ts'

/** The peer, pinned. It keys no caller, pays nobody and writes nothing down. */
const VERSION = '1.15.2'
const CLI = 'node_modules/@portkey-ai/gateway/build/start-server.js'

/** With newer ones of this part of it every stream ends in "immutable": 1.14, 1.16, 1.18 and 1.19 were tried under Node 24. */
const STREAMS_WITH = { '@hono/node-server': '1.13.8' }

/** Portkey's gateway from the npm registry, installed once beside the bench. Throws when it cannot be had. */
function install(streams: boolean): string {
  const directory = join(import.meta.dirname, '../.peers', streams ? 'portkey-streams' : 'portkey')
  const file = join(directory, CLI)
  if (existsSync(file)) return file
  mkdirSync(directory, { recursive: true })
  writeFileSync(
    join(directory, 'package.json'),
    JSON.stringify({ private: true, ...(streams ? { overrides: STREAMS_WITH } : {}) }),
  )
  const words = ['install', '--no-fund', '--no-audit', '--ignore-scripts', `@portkey-ai/gateway@${VERSION}`]
  execFileSync('npm', words, { cwd: directory, stdio: 'ignore', timeout: 300_000 })
  return file
}

export type Peer = Measured & { headers: Readonly<Record<string, string>>; configuration: string }

/** Starts it in front of the same engine, as its documentation says for an OpenAI-compatible host. `streams`: it is asked for streams. */
export async function startPortkey(engine: Measured, { streams = false } = {}): Promise<Peer> {
  const file = install(streams)
  const port = await freePort()
  const child = spawn(process.execPath, [file, '--headless', `--port=${port}`], {
    stdio: 'ignore',
    env: { PATH: process.env['PATH'] ?? '', NODE_ENV: 'production', TRUSTED_CUSTOM_HOSTS: '127.0.0.1,localhost' },
  })
  const started = Date.now()
  for (;;) {
    const up = await fetch(`http://127.0.0.1:${port}/`).then(
      () => true,
      () => false,
    )
    if (up) break
    if (Date.now() - started > 30_000 || child.exitCode !== null) throw new Error('Portkey does not start')
    await new Promise(resolve => setTimeout(resolve, 100))
  }
  return {
    name: 'portkey',
    pid: child.pid!,
    port,
    stop: () => end(child),
    headers: {
      authorization: 'Bearer any',
      'content-type': 'application/json',
      'x-portkey-provider': 'openai',
      'x-portkey-custom-host': `http://127.0.0.1:${engine.port}/v1`,
    },
    configuration: `Portkey ${VERSION}${streams ? ', @hono/node-server 1.13.8' : ''}, headless, NODE_ENV=production, no cache, no retries, no guardrails`,
  }
}
