import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { clientNames } from '../../apps/cli/src/clients/clients.ts'
import { exports } from '../../apps/cli/src/commands/env.ts'
import { folder } from '../faults/stage.ts'
import { entry, environment, heddle, up } from './heddle.ts'

const launcher = join(import.meta.dirname, '../../heddle')

/** A program that stands in for a client: it tells what it was started with. */
const TELLS = `#!/bin/sh
echo "$0 $ANTHROPIC_BASE_URL $ANTHROPIC_AUTH_TOKEN $ANTHROPIC_MODEL $HEDDLE_API_KEY $NO_PROXY"
for one in "$@"; do echo "[$one]"; done
exit 7
`

test('what clients need, in one line of a shell, and clients that are started with it', async t => {
  const place = folder(t)
  const home = join(place, 'home')
  const { url } = await up(t, home, { HEDDLE_PROVIDERS: '1' })
  const key = readFileSync(join(home, 'api-key'), 'utf8').trim()

  const claude = await heddle(home, ['env', 'claude'])
  assert.match(claude.out, /^export \S+=[^\n]+\n$/, 'one line, and nothing else on standard output')
  const script = `${claude.out.trim()}; echo "$ANTHROPIC_BASE_URL $ANTHROPIC_AUTH_TOKEN $ANTHROPIC_MODEL"`
  const { stdout } = spawnSync('sh', ['-c', script], { encoding: 'utf8' })
  assert.equal(stdout.trim(), `${url} ${key} heddle-tiny`)
  for (const name of clientNames) {
    const { code, out } = await heddle(home, ['env', name, '--model', 'heddle-tiny', '--json'])
    assert.equal(code, 0, name)
    assert.ok(out.includes(key) && out.includes(url.slice('http://'.length)), name)
  }
  assert.equal(exports({ A: "it's" }), `export A='it'\\''s'`)
  assert.match((await heddle(home, ['env', 'vi'])).text, /CLIENT: "vi" is none of openai, .*\(usage_wrong\)/)
  const nope = await heddle(home, ['env', 'claude', '--model', 'heddle-tinny'])
  assert.match(nope.text, /--model: nobody here has "heddle-tinny"; did you mean heddle-tiny\?/)

  const bin = join(place, 'bin')
  mkdirSync(bin)
  for (const name of ['claude', 'codex']) {
    writeFileSync(join(bin, name), TELLS)
    chmodSync(join(bin, name), 0o755)
  }
  const run = (...args: string[]) => {
    const env = environment(home, {
      PATH: `${bin}:${process.env['PATH']}`,
      HTTP_PROXY: 'http://127.0.0.1:9',
      NO_PROXY: 'x.example',
    })
    const { status, stdout, stderr } = spawnSync(process.execPath, [entry, ...args], { env, encoding: 'utf8' })
    return { status, text: stdout + stderr }
  }
  const started = run('claude', '-p', 'hello there', '--help', '--model', 'x')
  assert.equal(started.status, 7, 'it ends as the client ends')
  assert.match(started.text, new RegExp(`claude ${url} ${key} heddle-tiny  x.example,localhost,127.0.0.1,::1`))
  assert.match(started.text, /\[-p\]\n\[hello there\]\n\[--help\]\n\[--model\]\n\[x\]\n/)
  const codex = run('codex', 'exec', 'hi')
  assert.match(codex.text, new RegExp(`\\[model_providers.heddle.base_url="${url}/v1"\\]`))
  assert.match(codex.text, /\[exec\]\n\[hi\]\n$/)
  assert.match(
    run('qwen').text,
    /qwen is not on the path; it comes with: npm install .* \(program_missing\)\n {2}Install what/,
  )

  await t.test('the launcher, with whatever Node it is called, in a pipe and without a terminal', () => {
    const env = environment(home)
    const asked = spawnSync('node', [launcher, 'status'], { env, encoding: 'utf8' })
    assert.match(asked.stdout, new RegExp(`gateway +${url}`))
    const help = spawnSync('node', [launcher, '--help'], {
      env: environment(home, { NO_COLOR: 'yes' }),
      encoding: 'utf8',
    })
    assert.ok(!(help.stdout + help.stderr).includes('\u001b['), 'no colours in a pipe')
    const wrong = spawnSync('node', [launcher, 'receipt', 'verify', 'none'], { env, encoding: 'utf8' })
    assert.equal(wrong.status, 1)
  })

  await t.test('npm run heddle -- mcp prints nothing but JSON', () => {
    const initialize = { protocolVersion: '2025-06-18', capabilities: {}, clientInfo: { name: 't', version: '1' } }
    const input = `${JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'initialize', params: initialize })}\n`
    const cwd = join(import.meta.dirname, '../..')
    const { stdout } = spawnSync('npm', ['run', 'heddle', '--', 'mcp'], {
      cwd,
      env: environment(home),
      input,
      encoding: 'utf8',
    })
    const lines = stdout.trim().split('\n')
    for (const line of lines) assert.equal((JSON.parse(line) as { jsonrpc: string }).jsonrpc, '2.0')
    assert.equal(lines.length, 1)
  })
})
