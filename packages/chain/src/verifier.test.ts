import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { digestOf, type Hex, SETTLEMENT_ADDRESS } from '@heddle/protocol'
import {
  connect,
  deployVerifierCall,
  readVerifierThere,
  readWitnessed,
  readWitnessedBlock,
  rpc,
  sendFromFaucet,
  startDevnet,
  verifierAbi,
  verifierAddress,
  witnessBlockCall,
  witnessClaimCall,
} from './index.ts'

const log = { info() {}, warn() {}, error() {} }
const channel = digestOf('a channel')

async function setup(t: TestContext) {
  const directory = mkdtempSync(join(tmpdir(), 'heddle-verifier-'))
  const start = () => startDevnet({ directory, log })
  const devnet = await start()
  let running = devnet
  t.after(async () => {
    await running.stop()
    rmSync(directory, { recursive: true, force: true })
  })
  const again = async () => {
    await running.stop()
    running = await start()
    return connect(running.url, running.chainId)
  }
  return { devnet, client: connect(devnet.url, devnet.chainId), again }
}

test('every devnet has the verifier where everybody looks for it, for itself and the settlement contract', async t => {
  const { client } = await setup(t)
  assert.equal(await readVerifierThere(client), true)
  const at = { address: verifierAddress(client.chainId), abi: verifierAbi } as const
  assert.equal(await client.readContract({ ...at, functionName: 'CHAIN_ID' }), BigInt(client.chainId))
  const settlement = await client.readContract({ ...at, functionName: 'SETTLEMENT' })
  assert.equal(settlement.toLowerCase(), SETTLEMENT_ADDRESS)
})

test('anybody puts it at that very place, by a transaction; there is one for each chain', async t => {
  const { devnet, client } = await setup(t)
  const address = verifierAddress(client.chainId)
  assert.notEqual(verifierAddress(client.chainId + 1), address)
  const code = await client.getCode({ address })
  await rpc(devnet.url, 'anvil_setCode', [address, '0x'])
  assert.equal(await readVerifierThere(client), false)
  assert.equal(await readWitnessed(client, channel, 1n), null)
  assert.equal(await readWitnessedBlock(client, 1), null)
  // A place where code was put once takes none again, so it is tried on a chain of another number.
  const other = client.chainId + 1
  await sendFromFaucet(devnet.url, deployVerifierCall(other))
  const made = await client.getCode({ address: verifierAddress(other) })
  assert.equal(made?.length, code?.length)
})

test('a devnet of before gets it when it starts', async t => {
  const { devnet, client, again } = await setup(t)
  await rpc(devnet.url, 'anvil_setCode', [verifierAddress(client.chainId), '0x'])
  assert.equal(await readVerifierThere(client), false)
  assert.equal(await readVerifierThere(await again()), true)
})

test('what was witnessed is read back, and what was not is null', async t => {
  const { devnet, client } = await setup(t)
  assert.equal(await readWitnessed(client, channel, 0n), null)
  const hash = await sendFromFaucet(devnet.url, witnessClaimCall(client.chainId, channel))
  const { blockNumber } = await client.getTransactionReceipt({ hash })
  assert.equal(await readWitnessed(client, channel, 0n), Number(blockNumber))
  assert.equal(await readWitnessed(client, channel, 1n), null)
  const block = Number(blockNumber)
  assert.equal(await readWitnessedBlock(client, block), null)
  await sendFromFaucet(devnet.url, witnessBlockCall(client.chainId, block))
  const { hash: known } = await client.getBlock({ blockNumber })
  assert.equal(await readWitnessedBlock(client, block), known as Hex)
})
