import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import { promisify } from 'node:util'
import { serve, temporary } from '../testing/files.ts'
import { probeIsolation } from './isolation.ts'

const run = promisify(execFile)

test('behind the wall: no network, no writing, no hidden folders', async t => {
  const isolation = await probeIsolation()
  if (isolation.name !== 'network namespace') return t.diagnostic(isolation.name)
  const behind = async (script: string, hidden: string[] = [], visible: string[] = []) => {
    const [file, ...rest] = isolation.wrap(['bash', '-c', script], hidden, visible) as [string, ...string[]]
    return (await run(file, rest, { timeout: 60_000 })).stdout
  }
  const { port } = new URL(await serve(t, (_, response) => response.end()))
  const knock = `exec 3<>/dev/tcp/127.0.0.1/${port} && echo open || echo closed`
  assert.equal((await run('bash', ['-c', knock])).stdout, 'open\n')
  assert.equal(await behind(knock), 'closed\n')
  if (isolation.wrap(['x'], [], [])[0] !== 'bwrap') return

  const home = await temporary(t)
  await mkdir(join(home, 'keys'))
  await writeFile(join(home, 'keys', 'secret'), 'secret')
  await writeFile(join(home, 'model.gguf'), 'weights')
  assert.equal(
    await behind(`ls -A ${home} 2>&1 || true`, [home, join(home, 'nowhere')], [join(home, 'model.gguf')]),
    'model.gguf\n',
  )
  assert.equal(await behind(`cat ${home}/model.gguf`, [home], [join(home, 'model.gguf')]), 'weights')
  const here = new URL('.', import.meta.url).pathname
  assert.equal(await behind(`touch ${here}/x 2>/dev/null && echo written || echo refused`), 'refused\n')
  assert.equal(
    await behind('ls /proc | grep -c "^[0-9]"')
      .then(Number)
      .then(count => count < 6),
    true,
  )
})
