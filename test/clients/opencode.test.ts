import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { assertShellDone, shellScript, TASK } from './coding.ts'
import { needed } from './installed/needed.ts'
import { startProgram } from './program.ts'

const script = shellScript(command => ({ name: 'bash', arguments: { command, description: 'A step' } }))

test('opencode works through several turns with its own tools', async t => {
  const client = await needed(t, 'opencode')
  if (!client) return
  const program = await startProgram(t, client, script)
  const { base, apiKey, model } = program
  const heddle = {
    npm: '@ai-sdk/openai-compatible',
    name: 'Heddle',
    options: { baseURL: base, apiKey },
    models: { [model]: { name: model } },
  }
  const settings = { model: `heddle/${model}`, small_model: `heddle/${model}`, provider: { heddle }, autoupdate: false }
  mkdirSync(join(program.home, '.config/opencode'), { recursive: true })
  writeFileSync(join(program.home, '.config/opencode/opencode.json'), JSON.stringify(settings))
  const ran = await program.run(['run', TASK], { OPENCODE_DISABLE_MODELS_FETCH: '1' })
  await assertShellDone(program, ran)
})
