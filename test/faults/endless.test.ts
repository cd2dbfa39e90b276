import assert from 'node:assert/strict'
import { test } from 'node:test'
import { startEndless } from './endless.ts'
import { answered, question, refused, startGatewayStage } from './gateway-stage.ts'
import { startStage } from './stage.ts'

/** What a job of four tokens can be, and what lies between two machines beside it. */
const MOST = 4 << 20
const BETWEEN = 24 << 20

for (const mode of ['output', 'empty', 'raise', 'alive'] as const) {
  test(
    `a provider that answers without an end is left, and another can be asked: ${mode}`,
    { timeout: 120_000 },
    async t => {
      const stage = await startStage(t, { script: { tokens: 4 } })
      const endless = await startEndless(t, stage)
      endless.mode = mode
      const gateway = await startGatewayStage(t, [{ ...stage, url: endless.url }], {
        queueWait: 0,
        limits: { longest: 20_000 },
      })
      const said = await gateway.ask(question({ max_tokens: 4 }))
      const failed = await refused(said)
      assert.ok(endless.jobs >= 1)
      assert.match(failed.code, mode === 'output' ? /^receipt_mismatch$/ : /^engine_slow$/, JSON.stringify(failed))
      if (mode === 'output')
        assert.ok(endless.sent < endless.jobs * (MOST + BETWEEN), `${endless.sent} bytes were taken`)
      const health = await fetch(`${gateway.url}/health`)
      assert.equal(health.status, 200)
    },
  )
}

test('a stream of it ends too, with an error in the words of its door', { timeout: 120_000 }, async t => {
  const stage = await startStage(t, { script: { tokens: 4 } })
  const endless = await startEndless(t, stage)
  endless.mode = 'output'
  const gateway = await startGatewayStage(t, [{ ...stage, url: endless.url }], { queueWait: 0 })
  const text = await (await gateway.ask(question({ max_tokens: 4, stream: true }))).text()
  assert.match(text.slice(-2_000), /receipt_mismatch/)
  assert.ok(text.length < MOST)
})

test(
  'a provider with 20,000 offers has none, and everybody else is served meanwhile',
  { timeout: 120_000 },
  async t => {
    const stage = await startStage(t, { script: { tokens: 4 } })
    const other = await startStage(t, { devnet: stage.devnet, script: { tokens: 4 } })
    const endless = await startEndless(t, stage)
    endless.mode = 'offers'
    const gateway = await startGatewayStage(t, [{ ...stage, url: endless.url }, other])
    const answer = await answered(await gateway.ask(question()))
    assert.equal(answer.heddle.provider, other.provider.address)
    const { providers } = (await (await gateway.admin('GET', '/heddle/1/status')).json()) as {
      providers: { failure: string | null; models: string[] }[]
    }
    assert.match(String(providers[0]!.failure), /more than 1000 offers/)
    assert.deepEqual(providers[0]!.models, [])
    assert.equal(providers[1]!.failure, null)
  },
)
