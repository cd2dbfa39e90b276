import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestContext } from 'node:test'
import { connect } from '@heddle/chain'
import { readSnapshot } from '@heddle/ledger'
import { callWitness, reconcile } from '@heddle/payments'
import type { Address } from '@heddle/protocol'
import { call } from '../apps/cli/src/call.ts'
import { ledgerFile } from '../apps/cli/src/home/index.ts'
import { type House, startHouse, type UpOptions } from '../apps/cli/src/up/start.ts'

/** The committed model: small enough to start in a moment, long-winded enough to be paid mid-stream. */
export const TINY = join(import.meta.dirname, '../workloads/inference/models/tiny/heddle-tiny.gguf')

/** A whole house in a folder of its own: chain, providers, gateway, as processes. */
export async function startTestHouse(
  t: TestContext,
  options: Partial<UpOptions> = {},
): Promise<House & { home: string }> {
  const home = options.home ?? mkdtempSync(join(tmpdir(), 'heddle-house-'))
  const house = await startHouse({
    home,
    port: 0,
    providers: 2,
    model: process.env['HEDDLE_TEST_MODEL'] ?? TINY,
    ...options,
  })
  t.after(async () => {
    await house.stop()
    if (!process.env['HEDDLE_KEEP_HOME']) rmSync(home, { recursive: true, force: true })
  })
  return { ...house, home }
}

export type ChatAnswer = {
  choices: { message: { content: string }; finish_reason: string }[]
  usage: { prompt_tokens: number; completion_tokens: number; total_tokens: number }
  heddle: { receipt: string; charge: string; provider: string }
}

/** Asks through the gateway, with plain HTTP. */
export function chat(house: House, body: Record<string, unknown>, signal?: AbortSignal): Promise<Response> {
  return fetch(`${house.run.gateway.url}/v1/chat/completions`, {
    method: 'POST',
    headers: { authorization: `Bearer ${house.apiKey}`, 'content-type': 'application/json' },
    body: JSON.stringify({ model: house.model.name, temperature: 0, ...body }),
    ...(signal ? { signal } : {}),
  })
}

/** Both ledgers and what the chain says, read while the house runs. */
export async function readBooks(house: House & { home: string }) {
  const { run, home } = house
  await call(`${run.gateway.url}/heddle/1/admin/recover`, { method: 'POST', token: run.adminToken })
  const gateway = readSnapshot(ledgerFile(home, 'gateway'))
  const providers = run.providers.map(({ name, address }) => ({
    name,
    address: address as Address,
    ledger: readSnapshot(ledgerFile(home, name)),
  }))
  const client = connect(run.chain.url, run.chain.chainId)
  const witness = await callWitness(client, run.chain.asset as Address, [gateway, ...providers.map(one => one.ledger)])
  return { gateway: { name: 'gateway', ledger: gateway }, providers, witness }
}

export async function reconcileHouse(house: House & { home: string }) {
  const { gateway, providers, witness } = await readBooks(house)
  return reconcile(gateway, providers, witness)
}
