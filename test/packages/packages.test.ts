import assert from 'node:assert/strict'
import { execFileSync, spawn } from 'node:child_process'
import { existsSync, globSync, mkdirSync, readFileSync, rmSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { test } from 'node:test'
import { installPacked } from './installed.ts'

test('the packed packages work where they are installed', async t => {
  const folder = installPacked()
  t.after(() => rmSync(folder, { recursive: true, force: true }))
  const home = join(folder, 'home')
  mkdirSync(home)
  const entry = join(folder, 'node_modules/heddle/dist/main.js')
  const path = `${dirname(process.execPath)}:${process.env['PATH']}`
  const env = {
    ...process.env,
    PATH: path,
    HEDDLE_HOME: home,
    HEDDLE_PORT: '0',
    HEDDLE_MODEL: 'heddle-tiny',
    HEDDLE_ENGINE: 'none',
  }
  const heddle = (...args: string[]): string =>
    execFileSync(process.execPath, [entry, ...args], { cwd: folder, env, encoding: 'utf8' })

  await t.test('nothing of it is TypeScript', () => {
    assert.ok(existsSync(entry))
    assert.deepEqual(
      globSync('node_modules/{heddle,@heddle/*}/**/*.ts', { cwd: folder }).filter(file => !file.endsWith('.d.ts')),
      [],
    )
  })

  await t.test('heddle --help', () => {
    const bin = execFileSync(join(folder, 'node_modules/.bin/heddle'), ['--help'], {
      cwd: folder,
      env,
      encoding: 'utf8',
    })
    for (const command of [
      'up',
      'status',
      'receipts',
      'receipt',
      'channels',
      'fund',
      'claim',
      'reconcile',
      'providers',
    ]) {
      assert.ok(bin.includes(command), command)
    }
  })

  await t.test('heddle up answers its first question, and the receipt verifies offline', async () => {
    const up = spawn(process.execPath, [entry, 'up'], { cwd: folder, env, stdio: ['ignore', 'pipe', 'inherit'] })
    let output = ''
    try {
      await new Promise<void>((resolve, reject) => {
        const timer = setTimeout(() => reject(new Error(`not ready in 60 s:\n${output}`)), 60_000)
        up.stdout.on('data', chunk => {
          output += String(chunk)
          if (/^ready http/m.test(output)) {
            clearTimeout(timer)
            resolve()
          }
        })
        up.once('exit', () => reject(new Error(output)))
      })
      assert.match(output, /✓ 1 answer · \d+ tokens/)
      const { receipts } = JSON.parse(heddle('receipts', '--json')) as { receipts: { id: string }[] }
      assert.equal(receipts.length, 1)
      assert.match(heddle('reconcile'), /green/)
      assert.match(heddle('status'), /wallet/)
      up.removeAllListeners('exit')
      const ended = new Promise(resolve => up.once('exit', resolve))
      up.kill('SIGINT')
      await ended
      assert.match(heddle('receipt', 'verify', receipts[0]!.id), /✓/)
    } finally {
      up.kill('SIGKILL')
    }
    assert.ok(readFileSync(join(home, 'api-key'), 'utf8').startsWith('hd-'))
  })
})
