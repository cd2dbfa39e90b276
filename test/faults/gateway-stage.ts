import { join } from 'node:path'
import type { TestContext } from 'node:test'
import { connect, fund } from '@heddle/chain'
import { startGateway } from '@heddle/gateway'
import { openSqliteLedger } from '@heddle/ledger'
import { randomBytes, signerOf } from '@heddle/protocol'
import { folder, quiet, type Stage } from './stage.ts'

export const API_KEY = 'hd-test-key'

/** A gateway in this process, in front of staged providers. */
export async function startGatewayStage(
  t: TestContext,
  stages: readonly Stage[],
  options: { cap?: bigint; firstByte?: number } = {},
) {
  const directory = folder(t)
  const { devnet } = stages[0]!
  const keys = { payer: randomBytes(32), payerAuthorizer: randomBytes(32) }
  await fund(devnet.url, devnet.token, signerOf(keys.payer).address, 1_000_000n)
  const ledger = await openSqliteLedger(join(directory, 'gateway.db'))
  const gateway = await startGateway({
    port: 0,
    client: connect(devnet.url, devnet.chainId),
    asset: devnet.token,
    ledger,
    keys,
    providers: stages.map(stage => ({ endpoint: stage.url, pinned: stage.provider.address })),
    apiKey: { key: API_KEY, cap: options.cap ?? 1_000_000n },
    deposit: 100_000n,
    firstByte: options.firstByte ?? 5_000,
    adminToken: 'admin',
    log: quiet,
  })
  t.after(() => gateway.stop())
  const url = `http://127.0.0.1:${gateway.port}`
  const ask = (body: unknown, headers: Record<string, string> = {}): Promise<Response> =>
    fetch(`${url}/v1/chat/completions`, {
      method: 'POST',
      headers: { authorization: `Bearer ${API_KEY}`, ...headers },
      body: typeof body === 'string' || body instanceof Uint8Array ? (body as BodyInit) : JSON.stringify(body),
    })
  return { url, ledger, ask }
}

export const question = (over: Record<string, unknown> = {}) => ({
  model: 'scripted',
  messages: [{ role: 'user', content: 'weave' }],
  max_tokens: 16,
  ...over,
})
