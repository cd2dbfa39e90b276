import { fixture, type Json, mutationsOf, numbersFrom } from '@heddle/testing'
import { canonical, type Offer, offerSchema, type Receipt, receiptSchema } from '../src/index.ts'

/** The text of a receipt or an offer, well formed or not: whoever reads one takes the same of them. */
export type TextCase = { name: string; of: 'receipt' | 'offer'; text: string }

/** Of one, three and four bytes a character, or escaped. */
const UNITS = ['a', '€', '😀', '"', '\u0000', '\uffff']
const fill = (unit: string, length: number): string =>
  unit.repeat(Math.floor(length / unit.length)) + 'a'.repeat(length % unit.length)

const { offer, receiptOf, wordOf } = fixture
const record = <V>(count: number, value: V, name = (i: number): string => `n${i}`): Record<string, V> =>
  Object.fromEntries(Array.from({ length: count }, (_, i) => [name(i), value]))

/** At each bound, and one above it. */
function receipts(): [string, Partial<Receipt>][] {
  const texts = UNITS.flatMap((unit, i): [string, Partial<Receipt>][] =>
    [0, 1].flatMap((more): [string, Partial<Receipt>][] => [
      [`build of ${128 + more} units ${i}`, { engine: { build: fill(unit, 128 + more), name: '' } }],
      [`name of ${64 + more} units ${i}`, { engine: { build: '', name: fill(unit, 64 + more) } }],
      [`workload of ${32 + more} units ${i}`, { workload: fill(unit, 32 + more) }],
      [`unit of ${32 + more} units ${i}`, { usage: { [fill(unit, 32 + more)]: '1' } }],
    ]),
  )
  const most = Number.MAX_SAFE_INTEGER
  return [
    ...texts,
    ['no workload', { workload: '' }],
    ['16 units', { usage: record(16, '1') }],
    ['17 units', { usage: record(17, '1') }],
    ['no units', { usage: {} }],
    ['a count of 18 digits', { usage: { a: '9'.repeat(18) } }],
    ['a count of 19 digits', { usage: { a: '1'.repeat(19) } }],
    ['nothing was seen', { seen: null }],
    ['the first block was seen', { seen: { block: 0, hash: wordOf(1) } }],
    ['the last block was seen', { seen: { block: most, hash: wordOf(1) } }],
    ['a block above the last was seen', { seen: { block: most + 1, hash: wordOf(1) } }],
    ['a block before the first was seen', { seen: { block: -1, hash: wordOf(1) } }],
    ['the largest charge', { charge: (2n ** 128n - 1n).toString() }],
    ['a charge above it', { charge: (2n ** 128n).toString() }],
    ['the last moment', { finished: most }],
    ['no moment', { finished: 0 }],
  ]
}

function offers(): [string, Partial<Offer>][] {
  const { serves } = offer
  const texts = UNITS.flatMap((unit, i): [string, Partial<Offer>][] =>
    [0, 1].flatMap((more): [string, Partial<Offer>][] => [
      [`served name of ${128 + more} units ${i}`, { serves: { ...serves, name: fill(unit, 128 + more) } }],
      [`quantisation of ${32 + more} units ${i}`, { serves: { ...serves, quantization: fill(unit, 32 + more) } }],
      [`feature of ${32 + more} units ${i}`, { features: [fill(unit, 32 + more)] }],
      [`limit of ${32 + more} units ${i}`, { limits: { [fill(unit, 32 + more)]: 1 } }],
      [`endpoint of ${256 + more} units ${i}`, { endpoint: `x:${fill(unit, 254 + more)}` }],
    ]),
  )
  return [
    ...texts,
    ['16 limits', { limits: record(16, 1) }],
    ['17 limits', { limits: record(17, 1) }],
    ['16 prices', { prices: record(16, '1') }],
    ['17 prices', { prices: record(17, '1') }],
    ['64 features', { features: Array.from({ length: 64 }, () => 'a') }],
    ['65 features', { features: Array.from({ length: 65 }, () => 'a') }],
    ['no feature', { features: [] }],
    ['an empty feature', { features: [''] }],
    ['no endpoint', { endpoint: '' }],
    ['the shortest delay', { withdrawDelay: 900 }],
    ['a delay below it', { withdrawDelay: 899 }],
    ['the longest delay', { withdrawDelay: 2_592_000 }],
    ['a delay above it', { withdrawDelay: 2_592_001 }],
  ]
}

/** The text as JSON writes it, also where it is no receipt and no offer. */
const written = (value: unknown): string => {
  try {
    return canonical(value)
  } catch {
    return JSON.stringify(value)
  }
}

/** Some of what differs from a good one in one place of its values. */
function altered(of: TextCase['of'], value: Json, count: number): TextCase[] {
  const random = numbersFrom(count)
  // Chain, contract and whether it is a URL are not a question of form.
  const all = [...mutationsOf(value)].filter(({ path }) => !/^\$\.(chainId|settlement|endpoint)/.test(path))
  return Array.from({ length: count }, (_, i) => {
    const { path, value } = all[random(all.length)]!
    return { name: `${of}: altered at ${path} (${i})`, of, text: written(value) }
  })
}

export function textCases(): TextCase[] {
  const good: [TextCase['of'], object][] = [
    ['receipt', receiptOf({ evidence: wordOf(9) })],
    ['offer', { ...offer, serves: { ...offer.serves, quantization: 'Q8_0' } }],
  ]
  return [
    ...receipts().map(([name, over]): TextCase => ({ name, of: 'receipt', text: written(receiptOf(over)) })),
    ...offers().map(([name, over]): TextCase => ({ name, of: 'offer', text: written({ ...offer, ...over }) })),
    ...good.flatMap(([of, value]) => altered(of, value as Json, 60)),
    ...good.flatMap(([of, value]): TextCase[] => [
      { name: `${of}: with space`, of, text: JSON.stringify(value, null, 1) },
      { name: `${of}: twice`, of, text: written(value).repeat(2) },
    ]),
  ]
}

/** Whether it is the one form of a receipt, or of an offer. */
export function computeText({ of, text }: TextCase): unknown {
  try {
    const parsed = (of === 'receipt' ? receiptSchema : offerSchema).safeParse(JSON.parse(text))
    return { reads: parsed.success && canonical(parsed.data) === text }
  } catch {
    return { reads: false }
  }
}
