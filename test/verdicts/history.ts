import {
  type Channel,
  channelId,
  digestOf,
  domainOf,
  type JobRequest,
  offerDigest,
  type SignedOffer,
  type SignedReceipt,
  signOffer,
  signVoucher,
  toHex,
  type Usage,
} from '@heddle/protocol'
import { fixture, numbersFrom } from '@heddle/testing'
import { exampleOf } from '../../workloads/inference/src/draw/testing/example.ts'
import { Chain } from './chain.ts'
import { BALANCE, HonestProvider, type Work } from './provider.ts'

const { parties, channel: someChannel, job: someJob } = fixture
type Random = (below: number) => number

/** All that was signed in the life of one channel, and what the chain says of it in the end. */
export type History = {
  chain: Chain
  /** Each with the work that it is for. */
  receipts: readonly { signed: SignedReceipt; work: Work; offer: SignedOffer }[]
}

const HOUR = 3_600_000
/** Numbers that one history's blocks may have: no other history has them. */
export const BLOCKS = 64

/** Texts at the edges of what is legal: of one, two, three and four bytes a character, escaped, and full to the last unit. */
function textOf(random: Random, least: number, most: number): string {
  const units = ['a', '"', '\\', '\n', '\u0000', 'é', '€', '漢', '😀']
  const unit = units[random(units.length)]!
  const length = random(4) === 0 ? most : least + random(4)
  return unit.repeat(Math.max(least, Math.floor(Math.min(length, most) / unit.length)))
}

/** Offers are few, and signed once: with every edge of what a text may be. */
const offers: readonly SignedOffer[] = Array.from({ length: 120 }, (_, i) => {
  const random = numbersFrom(i + 1)
  const workload = i % 3 === 0 ? textOf(random, 1, 32) : 'inference'
  const engine = { name: textOf(random, 0, 64), build: textOf(random, 0, 128) }
  return signOffer({ ...fixture.offer, workload, engine }, parties.provider)
})

/** More channels than are held against the chain at once, each with the payer's word for all that it holds. */
const channels = Array.from({ length: 100 }, (_, i) => {
  const channel: Channel = { ...someChannel, salt: digestOf(`channel ${i}`) }
  const id = channelId(domainOf(fixture.offer), channel)
  return { id, channel, voucher: signVoucher(domainOf(fixture.offer), id, BALANCE, parties.authorizer) }
})

type Told = { spec: Record<string, unknown>; nonce: JobRequest['nonce']; used: Usage; evidence: readonly Uint8Array[] }
/** Honest answers with what opens them: their draws follow from spec and nonce, whatever channel they are paid on. */
const told: readonly Told[] = Array.from({ length: 64 }, (_, i) => {
  const positions = [0, 1, 2, 3, 33][i % 5]!
  const temperature = i % 3 === 0 ? 0 : (i % 7) / 4
  const { job, leaves } = exampleOf({ seed: i + 1, positions, topK: 1 + (i % 6), spec: { temperature } })
  const used = { prompt: 6n, cached: 3n, completion: BigInt(Math.max(0, positions - 1)) }
  return { spec: job.spec as Record<string, unknown>, nonce: job.nonce, used, evidence: leaves }
})

/** What other kinds of work may keep and count: anything at all, and what looks like ours and breaks its rules. */
function foreign(random: Random): Pick<Work, 'used' | 'evidence'> {
  const leaf = (): Uint8Array => {
    const bytes = Uint8Array.from({ length: [0, 6, 124, 200][random(4)]! }, () => random(256))
    if (bytes.length === 124) bytes.set([0, 1 + random(2), 1, random(2), 2, 0])
    return bytes
  }
  const units = Array.from({ length: random(4) }, (_, i) => [
    ['prompt', 'completion', '', 'size'][i]!,
    BigInt(random(99)),
  ])
  return {
    used: Object.fromEntries(units),
    ...(random(2) === 0 ? {} : { evidence: Array.from({ length: 1 + random(3) }, leaf) }),
  }
}

function workOf(random: Random, id: JobRequest['channel']): Work & { signed: SignedOffer } {
  const signed = offers[random(offers.length)]!
  const { offer } = signed
  const isOurs = offer.workload === 'inference'
  const chosen = isOurs && random(3) === 0 ? told[random(told.length)] : undefined
  const nonce = toHex(Uint8Array.from({ length: 32 }, () => random(256)))
  const job: JobRequest = {
    ...someJob,
    nonce: chosen?.nonce ?? nonce,
    spec: chosen?.spec ?? someJob.spec,
    channel: id,
    offer: offerDigest(offer),
    workload: offer.workload,
  }
  const made = isOurs ? { used: chosen?.used ?? { prompt: 9n, cached: 0n, completion: 7n } } : foreign(random)
  return { job, offer, signed, charge: BigInt(random(120)), ...(chosen ? { evidence: chosen.evidence } : {}), ...made }
}

/**
 * The life of one channel with an honest provider, among people who are not: with other claims under the same keys, a chain that
 * loses blocks, crashes between signing and disk, lost ledgers, clocks up to an hour off, any workload and any legal text.
 * The same seed gives the same history.
 */
export async function liveOnce(seed: number): Promise<History> {
  const random = numbersFrom(seed)
  for (let i = 0; i < 8; i++) random(2)
  const { id, channel, voucher } = channels[seed % channels.length]!
  const first = 1 + (seed % 1_000_000) * BLOCKS
  const chain = new Chain({ channel: id, receiver: parties.receiver.address, balance: BALANCE, first })
  let ahead = 0
  const provider = new HonestProvider(chain, voucher, { now: () => 1_800_000_000_000 + ahead })
  await provider.start()
  const [shares, looksFirst] = [random(3) === 0, random(8) > 0]
  if (looksFirst) await provider.look()
  const receipts: { signed: SignedReceipt; work: Work; offer: SignedOffer }[] = []
  // What costs nothing needs no channel on the chain; and a ledger may be lost before there is one.
  for (let free = random(4) === 0 ? 1 + random(2) : 0; free > 0; free--) {
    const { signed: offer, ...work } = workOf(random, id)
    const told = { ...work, charge: 0n }
    const signed = await provider.work(told, channel, { fails: false, meanwhile: async () => undefined })
    if (signed) receipts.push({ signed, work: told, offer })
  }
  if (receipts.length > 0 && random(2) === 0) {
    await provider.lose()
    await provider.look()
  }
  chain.mine({ create: true })
  await provider.look()
  for (let step = 3 + random(7); step > 0; step--) {
    ahead = random(2 * HOUR) - HOUR
    const kind = random(16)
    if (kind < 7) {
      const { signed: offer, ...work } = workOf(random, id)
      const signed = await provider.work(work, channel, {
        fails: random(12) === 0,
        async meanwhile() {
          if (random(4) > 0) return
          chain.mine(shares ? { claim: BigInt(random(400)) } : {})
          await provider.look()
        },
      })
      if (signed) receipts.push({ signed, work, offer })
    } else if (kind < 9) {
      const charged = await provider.charged(id)
      chain.mine({ claim: random(3) === 0 ? charged / 2n : charged })
    } else if (kind === 9) chain.mine(shares ? { claim: BigInt(random(400)) } : {})
    else if (kind < 13) await provider.look()
    else if (kind === 13 && chain.blocks.length < BLOCKS / 2)
      chain.reorganise(1 + random(5), random(2) === 0, random(4))
    else if (kind === 14) await provider.start()
    else if (kind === 15 && random(3) === 0) {
      await provider.lose()
      // It does not sell before it has seen the chain: what it knows of channels is from there.
      await provider.look()
    }
  }
  return { chain, receipts }
}
