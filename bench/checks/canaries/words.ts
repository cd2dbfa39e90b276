/** Draws a number from 0 to just below 1, the same ones for the same seed. */
export type Random = () => number

/** Mulberry32. */
export function randomFrom(seed: number): Random {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

export const pick = <T>(list: readonly T[], random: Random): T => list[Math.floor(random() * list.length)]!
export const between = (low: number, high: number, random: Random): number =>
  low + Math.floor(random() * (high - low + 1))
/** A wait without memory. */
export const wait = (mean: number, random: Random): number => -mean * Math.log(1 - random())

const NOUNS =
  `invoice garden engine recipe contract novel server bridge violin budget kitchen patient harbour lesson ticket forest
  battery committee sensor mortgage bakery glacier printer festival orchard library vaccine warehouse compiler saddle
  passport museum turbine playlist curtain shipment diploma aquarium keyboard tractor chapel syllabus antenna blanket
  pension voyage cabinet helmet lantern canal ferry census podcast marathon quarry reservoir stapler telescope umbrella
  veranda workshop yoghurt zeppelin almanac beehive carpet dairy easel fountain gearbox hostel insulin jacket kiosk ledger
  meadow notebook oven pharmacy quilt radiator scooter terrace utensil valve wallet`.split(/\s+/)
const VERBS =
  `repair compare describe plan translate measure deliver cancel review improve explain schedule rewrite sort
  estimate replace photograph negotiate paint inspect order classify archive predict insure summarise rent return clean
  design recycle calibrate advertise announce grow weigh`.split(/\s+/)
const ADJECTIVES =
  `old noisy reliable cheap northern modern broken generous narrow seasonal unusual transparent heavy quiet
  expensive local digital shared fragile official brief ambitious ordinary remote wooden double careful late urgent simple
  complicated popular temporary legal public`.split(/\s+/)
const PLACES =
  `Lisbon Oslo Nairobi Kyoto Tampere Leeds Valencia Quito Halifax Cork Graz Pune Ghent Porto Hobart Turin Lyon
  Bergen Utrecht Durban Riga Split Aarhus Tartu Zadar`.split(/\s+/)
const NAMES = `Amira Jonas Priya Mateo Ingrid Kofi Leila Tomasz Wen Olga Diego Fatima Ruben Sakura Nils Zoe Hamid Clara
  Bruno Aisha Emil Nadia Pavel June Theo`.split(/\s+/)

const noun = (random: Random): string => pick(NOUNS, random)
const thing = (random: Random): string =>
  random() < 0.6 ? `${pick(ADJECTIVES, random)} ${noun(random)}` : noun(random)

const SENTENCES: readonly ((random: Random) => string)[] = [
  r => `${pick(NAMES, r)} wants to ${pick(VERBS, r)} the ${thing(r)} before ${between(2, 11, r)} o'clock.`,
  r => `The ${thing(r)} in ${pick(PLACES, r)} cost ${between(3, 900, r)} euros last year.`,
  r => `Nobody could ${pick(VERBS, r)} the ${thing(r)} without a ${noun(r)}.`,
  r => `We had to ${pick(VERBS, r)} ${between(2, 40, r)} of them, and the ${noun(r)} was late again.`,
  r => `According to ${pick(NAMES, r)}, the ${noun(r)} is more ${pick(ADJECTIVES, r)} than the ${noun(r)}.`,
  r => `In ${pick(PLACES, r)} people ${pick(VERBS, r)} a ${thing(r)} every ${between(2, 9, r)} weeks.`,
  r => `It was a ${pick(ADJECTIVES, r)} ${noun(r)}, but ${pick(NAMES, r)} liked the ${thing(r)} better.`,
  r => `Please do not ${pick(VERBS, r)} the ${thing(r)} until the ${noun(r)} from ${pick(PLACES, r)} arrives.`,
]

/** So many sentences of running text. */
export const prose = (sentences: number, random: Random): string =>
  Array.from({ length: sentences }, () => pick(SENTENCES, random)(random)).join(' ')

const QUESTIONS: readonly ((random: Random) => string)[] = [
  r => `How do I ${pick(VERBS, r)} a ${thing(r)}?`,
  r => `what is the best way to ${pick(VERBS, r)} my ${thing(r)} in ${pick(PLACES, r)}`,
  r => `Is a ${thing(r)} worth it if I only ${pick(VERBS, r)} ${between(2, 30, r)} a year?`,
  r => `Write a short note to ${pick(NAMES, r)} about the ${thing(r)}.`,
  r => `Give me ${between(3, 10, r)} names for a ${noun(r)} that is ${pick(ADJECTIVES, r)}`,
  r => `why does my ${noun(r)} always ${pick(VERBS, r)} the ${noun(r)}??`,
  r => `Can you compare a ${thing(r)} and a ${thing(r)} for someone who lives in ${pick(PLACES, r)}?`,
  r => `${prose(between(1, 3, r), r)} What should I do?`,
  r => `Explain to a ${between(6, 16, r)} year old how a ${noun(r)} works.`,
]
export const ask = (random: Random): string => pick(QUESTIONS, random)(random)

const FOLLOW_UPS: readonly ((random: Random) => string)[] = [
  r => `ok and what about the ${noun(r)}?`,
  () => 'Can you make that shorter?',
  r => `Thanks. ${pick(NAMES, r)} says it has to be ${pick(ADJECTIVES, r)}, is that right?`,
  r => `Now do the same for a ${thing(r)}.`,
  () => 'I do not understand the second part, say it in other words please',
  r => `How much would it cost in ${pick(PLACES, r)}?`,
]
export const followUp = (random: Random): string => pick(FOLLOW_UPS, random)(random)

/** The beginning of a file of code. */
export function code(random: Random): string {
  const [a, b, c] = [noun(random), noun(random), pick(VERBS, random)]
  const lines = [
    `def ${c}_${a}(${b}, limit=${between(1, 99, random)}):`,
    `    """${pick(SENTENCES, random)(random)}"""`,
    `    total = 0`,
    `    for item in ${b}.${a}s:`,
    `        if item.${pick(ADJECTIVES, random)} and total < limit:`,
    `            total += item.${noun(random)}_count`,
    `    return`,
  ]
  return lines.slice(0, between(2, lines.length, random)).join('\n')
}

export { NAMES, noun, PLACES, thing }
