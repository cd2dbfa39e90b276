import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { test } from 'node:test'
import { variableOfListener } from './listener.ts'

test('how the process behind a port was started is found out', { skip: process.platform !== 'linux' }, async t => {
  const script = `require('net').createServer().listen(0, '127.0.0.1', function () { console.log(this.address().port) })`
  const env = { ...process.env, OLLAMA_MODELS: '/somewhere/else' }
  const child = spawn(process.execPath, ['-e', script], { env, stdio: ['ignore', 'pipe', 'inherit'] })
  t.after(() => child.kill())
  const [line] = (await once(child.stdout, 'data')) as [Buffer]
  assert.equal(await variableOfListener(Number(line.toString()), 'OLLAMA_MODELS'), '/somewhere/else')
  assert.equal(await variableOfListener(Number(line.toString()), 'OLLAMA_NOTHING'), undefined)
  assert.equal(await variableOfListener(1, 'OLLAMA_MODELS'), undefined)
})
