import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  type Call,
  type Claim,
  claimWithSignatureCall,
  connect,
  depositCall,
  fund,
  Outbox,
  readTokenDomain,
  settleCall,
  startDevnet,
  tokenAbi,
} from '@heddle/chain'
import {
  type Channel,
  channelId,
  claimBatchDigest,
  type Hex,
  randomBytes,
  SETTLEMENT_ADDRESS,
  signDeposit,
  signerOf,
  signVoucher,
  toHex,
} from '@heddle/protocol'
import { encodeFunctionData, hashTypedData } from 'viem'
import { type Measurement, measurementsOf } from '../measurement.ts'

const CHANNELS = 100
const CLAIMS = 10
const REQUESTS = 10_000
const quiet = { info() {}, warn() {}, error() {} }

/** Gas of whole transactions on a real chain: intrinsic cost and calldata included. */
export async function* run(): AsyncGenerator<Measurement> {
  const measured = measurementsOf('gas')
  const directory = mkdtempSync(join(tmpdir(), 'heddle-gas-'))
  const devnet = await startDevnet({ directory, log: quiet, interval: 60_000 })
  try {
    const house = await open(devnet.url, devnet.chainId, devnet.token)

    const crowd = await house.makeChannels(CHANNELS)
    let batched = 0n
    for (const one of crowd) batched += await house.deposit(one)
    const rows: bigint[] = []
    for (let claim = 1; claim <= CLAIMS; claim++) {
      const gas = await house.claim(crowd, BigInt(claim * REQUESTS))
      rows.push(gas / BigInt(CHANNELS))
      batched += gas + (await house.settle())
    }
    yield measured('gas_per_request_batched', Number(batched) / (CHANNELS * REQUESTS), 'gas', '<= 40')
    yield measured('gas_per_row_100', Number(rows.at(-1)), 'gas', '<= 26000')

    const [alone] = await house.makeChannels(1)
    const opened = await house.deposit(alone!)
    let sum = opened
    const each: bigint[] = []
    for (let claim = 1; claim <= CLAIMS; claim++) {
      each.push(await house.claim([alone!], BigInt(claim * REQUESTS)))
      sum += each.at(-1)!
    }
    const swept = await house.settle()
    sum += swept
    yield measured('gas_per_request_alone', Number(sum) / REQUESTS, 'gas', '<= 80')
    yield measured('gas_per_request_alone_sweeping_each', Number(sum + swept * BigInt(CLAIMS - 1)) / REQUESTS, 'gas')

    const exact = await house.exact()
    const cycle = opened + each.at(-1)! + swept
    yield measured('cheaper_than_exact_from_request', Math.ceil(Number(cycle) / Number(exact)), 'requests', '<= 4')
    yield measured('deposit', Number(opened), 'gas')
    yield measured('claim_alone', Number(each.at(-1)), 'gas')
    yield measured('settle', Number(swept), 'gas')
    yield measured('exact_transfer', Number(exact), 'gas')
  } finally {
    await devnet.stop()
    rmSync(directory, { recursive: true, force: true })
  }
}

type Opened = { id: Hex; channel: Channel; payer: ReturnType<typeof signerOf> }

async function open(url: string, chainId: number, token: Hex) {
  const client = connect(url, chainId)
  const secret = randomBytes(32)
  const receiver = signerOf(secret)
  const domain = { chainId, settlement: SETTLEMENT_ADDRESS }
  const tokenDomain = await readTokenDomain(client, token)
  await fund(url, token, receiver.address, 0n)
  const validBefore = Math.floor(Date.now() / 1000) + 86_400

  const outbox = new Outbox({ client, secret })
  const send = async (call: Call): Promise<bigint> => {
    const hash = await outbox.send({}, call)
    return (await client.getTransactionReceipt({ hash })).gasUsed
  }
  return {
    async makeChannels(count: number): Promise<Opened[]> {
      const made: Opened[] = []
      for (let i = 0; i < count; i++) {
        const payer = signerOf(randomBytes(32))
        await fund(url, token, payer.address, 10n ** 24n)
        const parties = { payer: payer.address, payerAuthorizer: payer.address, receiver: receiver.address }
        const channel = {
          ...parties,
          receiverAuthorizer: receiver.address,
          token,
          withdrawDelay: 3_600,
          salt: toHex(randomBytes(32)),
        }
        made.push({ id: channelId(domain, channel), channel, payer })
      }
      return made
    },
    deposit: ({ id, channel, payer }: Opened) =>
      send(
        depositCall(
          channel,
          signDeposit(
            tokenDomain,
            id,
            { amount: (10n ** 20n).toString(), validBefore, salt: toHex(randomBytes(32)) },
            payer,
          ),
        ),
      ),
    claim(channels: readonly Opened[], total: bigint): Promise<bigint> {
      const amount = total * 10n ** 12n
      const claims: Claim[] = channels.map(({ id, channel, payer }) => {
        const { signature } = signVoucher(domain, id, amount, payer)
        return { channel, ceiling: amount, signature, total: amount }
      })
      const entries = channels.map(({ id }) => ({ channel: id, ceiling: amount, total: amount }))
      return send(claimWithSignatureCall(claims, receiver.sign(claimBatchDigest(domain, entries))))
    },
    settle: () => send(settleCall(receiver.address, token)),
    /** What x402's `exact` costs: one EIP-3009 transfer to a receiver that already has a balance. */
    async exact(): Promise<bigint> {
      const payer = signerOf(randomBytes(32))
      await fund(url, token, payer.address, 10n ** 24n)
      let gas = 0n
      for (let i = 0; i < 2; i++) {
        const message = {
          from: payer.address,
          to: receiver.address,
          value: 10n ** 12n,
          validAfter: 0n,
          validBefore: BigInt(validBefore),
          nonce: toHex(randomBytes(32)),
        }
        const fields = [
          'address from',
          'address to',
          'uint256 value',
          'uint256 validAfter',
          'uint256 validBefore',
          'bytes32 nonce',
        ]
        const digest = hashTypedData({
          domain: { name: tokenDomain.name, version: tokenDomain.version, chainId, verifyingContract: token },
          types: {
            TransferWithAuthorization: fields.map(field => ({
              type: field.split(' ')[0]!,
              name: field.split(' ')[1]!,
            })),
          },
          primaryType: 'TransferWithAuthorization',
          message,
        })
        const signature = payer.sign(Buffer.from(digest.slice(2), 'hex'))
        const args = [
          message.from,
          message.to,
          message.value,
          0n,
          message.validBefore,
          message.nonce,
          signature,
        ] as const
        gas = await send({
          to: token,
          data: encodeFunctionData({ abi: tokenAbi, functionName: 'transferWithAuthorization', args }),
        })
      }
      return gas
    },
  }
}
