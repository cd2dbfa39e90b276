import assert from 'node:assert/strict'
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import type { Finding } from '@heddle/protocol'
import { heddle } from '../cli/heddle.ts'
import { folder } from '../faults/stage.ts'
import { until } from '../until.ts'
import { homeOf } from './home.ts'
import { readingFrom, startWatched } from './stage.ts'
import type { Cheat } from './told.ts'
import { watching } from './watching.ts'

async function setup(t: TestContext, cheats: readonly (() => Cheat | undefined)[]) {
  const watched = await startWatched(t, cheats)
  const home = homeOf(t, watched)
  return { ...watched, home, run: (...args: string[]) => heddle(home, args) }
}

test('receipt check: what the checks found, on a screen, as JSON and as an exit code', async t => {
  const { run, ask, stage, stages } = await setup(t, [() => 'redraw', () => undefined])
  const guilty = await ask(stage)
  const found = await run('receipt', 'check', guilty)
  assert.equal(found.code, 1, found.text)
  assert.match(found.out, new RegExp(`✗ dishonest {2}${guilty}`))
  assert.match(found.out, /check +redraw: the position draws another token/)
  assert.match(found.out, /cost +\S+ ms of processor time, 0 tokens/)
  assert.match(found.out, new RegExp(`heddle prove ${guilty}`))
  const json = await run('receipt', 'check', guilty, '--json')
  const finding = JSON.parse(json.out) as Finding & { provider: string }
  assert.deepEqual(
    [json.code, finding.verdict, finding.check, finding.receipt, finding.provable, finding.provider],
    [1, 'dishonest', 'redraw', guilty, true, stage.provider.address],
  )
  // Nothing is wrong in what was signed, and nobody has the weights of a script.
  const honest = await run('receipt', 'check', await ask(stages[1]))
  assert.equal(honest.code, 2, honest.text)
  assert.match(honest.out, /\? inconclusive[\s\S]*reference: the weights are not here/)
  const silent = await ask(stages[1])
  await stages[1]!.stopProvider()
  const asleep = await run('receipt', 'check', silent)
  assert.equal(asleep.code, 2, asleep.text)
  assert.match(asleep.out, /not opened: .*silent, not guilty/)
})

test('receipt check: what is not a receipt of this house is neither honest nor dishonest', async t => {
  const { run } = await setup(t, [() => undefined])
  for (const [id, code] of [
    ['nonsense', 'usage_wrong'],
    [`0x${'11'.repeat(32)}`, 'not_found'],
  ] as const) {
    const { code: exit, text } = await run('receipt', 'check', id)
    assert.equal(exit, 3)
    assert.match(text, new RegExp(code))
  }
  const nowhere = await heddle(folder(t), ['receipt', 'check', `0x${'11'.repeat(32)}`])
  assert.deepEqual([nowhere.code, /not_running/.test(nowhere.text)], [3, true])
})

test('prove: a file that convicts, verified where nothing runs; or that there is nothing to prove', async t => {
  const { run, ask, stage, stages } = await setup(t, [() => 'overcount', () => undefined])
  const out = join(folder(t), 'proof.json')
  const written = await run('prove', await ask(stage), '--out', out)
  assert.equal(written.code, 0, written.text)
  assert.match(written.out, /✓ overcount: more completion tokens than were written/)
  const elsewhere = folder(t)
  const verified = await heddle(elsewhere, ['prove', '--verify', out])
  assert.equal(verified.code, 0, verified.text)
  assert.match(verified.out, new RegExp(`✓ proven: overcount[\\s\\S]*${stage.provider.address}`))
  const json = JSON.parse((await heddle(elsewhere, ['prove', '--verify', out, '--json'])).out) as { proven: boolean }
  assert.equal(json.proven, true)

  const altered = join(elsewhere, 'altered.json')
  writeFileSync(altered, readFileSync(out, 'utf8').replace('"charge":"410"', '"charge":"411"'))
  const forged = await heddle(elsewhere, ['prove', '--verify', altered])
  assert.equal(forged.code, 1)
  assert.match(forged.text, /receipt_signature/)
  assert.match((await heddle(elsewhere, ['prove', '--verify', 'no-such-file'])).text, /not_found/)
  assert.match((await heddle(elsewhere, ['prove'])).text, /usage_wrong/)

  const id = await ask(stages[1])
  const nothing = await run('prove', id, '--out', join(elsewhere, 'none.json'))
  assert.equal(nothing.code, 1)
  assert.match(nothing.out, /Nothing is provable[\s\S]*redraw: every position draws its token/)
  assert.ok(!existsSync(join(elsewhere, 'none.json')))
  await stages[1]!.stopProvider()
  assert.match((await run('prove', id)).text, /evidence_withheld/)
})

test('watch: a watcher beside the house, whose rates the providers command shows', async t => {
  const { home, run, ask, stage, stages } = await setup(t, [() => 'foreign-seed', () => undefined])
  const guilty = [await ask(stage), await ask(stage)]
  const other = await ask(stages[1])
  const { url, stop } = await watching(t, home, ['--share', '1', '--canaries-per-hour', '0'])
  const checks = await readingFrom(url).checked(3)
  assert.deepEqual(
    new Map(checks.map(({ id, verdict, check }) => [id, `${verdict} ${check}`])),
    new Map([...guilty.map(id => [id, 'dishonest foreign-seed'] as const), [other, 'inconclusive reference']]),
  )
  assert.deepEqual(readdirSync(join(home, 'watcher/proofs')).sort(), guilty.map(id => `${id}.json`).sort())
  // The gateway asks for the rates now and then: it may have seen the first of two checks before the second.
  const wanted = [/0% \(0–65\.8\) of 2, 2 DISHONEST/, /no verdict yet, 1 inconclusive/]
  await until(async () => {
    const { out } = await run('providers')
    return wanted.every(one => one.test(out))
  }, 'the providers command shows both rates')
  await stop()
})

test('watch: canaries are asked with a key of their own, which outlasts a restart', async t => {
  const { home, gateway } = await setup(t, [() => 'foreign-seed'])
  const args = ['--share', '0', '--canaries-per-hour', '3600', '--cap', '0.000000000001']
  const first = await watching(t, home, args)
  const [check] = await readingFrom(first.url).checked(1)
  assert.deepEqual([check!.source, check!.verdict], ['canary', 'dishonest'])
  const file = join(home, 'watcher/canary-key')
  const key = readFileSync(file, 'utf8')
  await first.stop()
  const again = await watching(t, home, args)
  assert.equal(readFileSync(file, 'utf8'), key)
  await again.stop()
  const { keys } = (await (await gateway.admin('GET', '/heddle/1/admin/keys')).json()) as { keys: { name: string }[] }
  assert.equal(keys.length, 2)
})

test('watch: what is set wrong is said, and needs a house', async t => {
  const home = folder(t)
  const fails = async (args: string[], pattern: RegExp) => {
    const { code, text } = await heddle(home, ['watch', ...args])
    assert.notEqual(code, 0)
    assert.match(text, pattern)
  }
  await fails([], /not_running/)
  await fails(['--share', '2'], /--share: "2" is no number from 0 to 1/)
  await fails(['--share', 'half'], /--share: "half"/)
  await fails(['--canaries-per-hour', '-1'], /--canaries-per-hour/)
  await fails(['--canary-content', 'mine'], /--canary-content: "mine" is none of written, traffic/)
})

test('each command says what it is for', async t => {
  const home = folder(t)
  for (const [args, words] of [
    [['receipt', 'check'], /0 honest, 1 dishonest, 2 inconclusive/],
    [['prove'], /--verify/],
    [['watch'], /--share[\s\S]*--canaries-per-hour[\s\S]*--canary-content/],
    [['calibrate'], /--others/],
  ] as const)
    assert.match((await heddle(home, [...args, '--help'])).out, words)
})
