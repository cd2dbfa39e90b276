import type { WirePost } from '../../../test/chaos/wire.ts'

/** A job as its provider saw it come: all that was posted, when (milliseconds), and what was running. */
export type Sight = {
  at: number
  post: WirePost
  running: number
  /** What was answered, once it was. */
  answer(): string
}

/** What a classifier is told of a job: numbers, and words that are there or not. */
export type Features = { numbers: Record<string, number>; words: Map<string, number> }

export const GROUPS = ['funding', 'timing', 'length', 'settings', 'content', 'history'] as const
export type Group = (typeof GROUPS)[number]
export type FeaturesByGroup = Record<Group, Features>

type Message = { role: string; content: unknown; [more: string]: unknown }
type Spec = { messages?: Message[]; prompt?: string; cache?: string; seed?: number; [more: string]: unknown }

const textOf = (content: unknown): string => (typeof content === 'string' ? content : JSON.stringify(content))
const messagesOf = ({ messages, prompt }: Spec): Message[] => messages ?? [{ role: 'prompt', content: prompt ?? '' }]

/** Everything that one provider sees, in the order in which it came: of each job what it is, and what came before it. */
export function featuresOf(sights: readonly Sight[]): FeaturesByGroup[] {
  const seen = startHistory()
  return sights.map((sight, i) => {
    const spec = sight.post.posted.job.spec as Spec
    const features = {
      funding: fundingOf(sight, sights[i - 1]),
      timing: timingOf(sights, i),
      length: lengthOf(spec),
      settings: settingsOf(spec),
      content: contentOf(spec),
      history: seen(sight, spec),
    }
    return features
  })
}

const log = (value: number): number => Math.log1p(Math.max(0, value))
const words = (...list: string[]): Map<string, number> => new Map(list.map(one => [one, 1]))

/** What it is paid with, and signed: channel, voucher, limit, path. All of it comes over one link. */
function fundingOf({ post }: Sight, before: Sight | undefined): Features {
  const { job, path, signature, channel, voucher } = post.posted
  const last = before?.post.posted
  return {
    numbers: {
      limit: log(Number(job.limit)),
      ceiling: voucher ? log(Number(voucher.ceiling)) : 0,
      places: path ? path.siblings.length + 1 : 0,
      index: path?.index ?? -1,
    },
    words: words(
      `channel ${job.channel}`,
      `offer ${job.offer === last?.job.offer}`,
      `configured ${channel !== undefined}`,
      `voucher ${voucher !== undefined}`,
      `signed with the last ${signature === last?.signature}`,
    ),
  }
}

/** When it came: gaps to those before and after, how many came lately, what was running. */
function timingOf(sights: readonly Sight[], i: number): Features {
  const { at, running, post } = sights[i]!
  const gap = (j: number): number => log(Math.abs(at - (sights[j]?.at ?? at)))
  const within = (span: number): number => {
    let count = 0
    for (let j = i - 1; j >= 0 && sights[j]!.at > at - span; j--) count++
    return count
  }
  return {
    numbers: {
      before: gap(i - 1),
      before2: gap(i - 2),
      before4: gap(i - 4),
      after: gap(i + 1),
      after2: gap(i + 2),
      second: within(1_000),
      tenSeconds: within(10_000),
      minute: within(60_000),
      running,
      expires: post.posted.job.expires - at / 1_000,
      ofSecond: at % 1_000,
      ofMinute: at % 60_000,
    },
    words: new Map(),
  }
}

function lengthOf(spec: Spec): Features {
  const lengths = messagesOf(spec).map(({ content }) => textOf(content).length)
  const of = (role: string) =>
    messagesOf(spec)
      .filter(one => one.role === role)
      .reduce((sum, one) => sum + textOf(one.content).length, 0)
  return {
    numbers: {
      messages: lengths.length,
      all: log(lengths.reduce((sum, one) => sum + one, 0)),
      last: log(lengths.at(-1) ?? 0),
      longest: log(Math.max(...lengths)),
      system: log(of('system')),
      user: log(of('user')),
      assistant: log(of('assistant')),
      lines: messagesOf(spec).reduce((sum, one) => sum + textOf(one.content).split('\n').length, 0),
    },
    words: words(
      messagesOf(spec)
        .map(({ role }) => role[0])
        .join(''),
    ),
  }
}

/** Every field that is not text: whether it is there, and its value. */
function settingsOf(spec: Spec): Features {
  const { messages: _, prompt: __, cache, seed, ...plain } = spec
  const values = Object.entries(plain).map(([name, value]) => `${name}=${JSON.stringify(value)}`)
  const there = Object.keys(spec)
  return {
    numbers: {
      maxCompletion: Number(plain['maxCompletion']),
      temperature: Number(plain['temperature']),
      topP: Number(plain['topP']),
      fields: there.length,
      seed: log(seed ?? 0),
    },
    words: words(...values, ...there, `fields ${there.join()}`, `cache ${cache}`, `seed ${seed}`, values.join()),
  }
}

/** Words, pairs of them, and runs of three to five characters, of what was said last and of what stands before it. */
function contentOf(spec: Spec): Features {
  const found = new Map<string, number>()
  const all = messagesOf(spec)
  for (const [i, { content }] of all.entries()) {
    const where = i === all.length - 1 ? 'last' : 'before'
    const text = textOf(content).slice(0, 1_200)
    const parts = new Map<string, number>()
    const add = (part: string): void => void parts.set(`${where} ${part}`, (parts.get(`${where} ${part}`) ?? 0) + 1)
    const list = text.toLowerCase().match(/[\p{L}\p{N}]+|[^\s\p{L}\p{N}]/gu) ?? []
    for (const [j, word] of list.entries()) {
      add(word)
      if (j > 0) add(`${list[j - 1]} ${word}`)
    }
    for (const size of [3, 4, 5]) for (let j = 0; j + size <= text.length; j++) add(text.slice(j, j + size))
    add(`begins ${text.slice(0, 16)}`)
    for (const [part, count] of parts) found.set(part, (found.get(part) ?? 0) + Math.log1p(count))
  }
  const norm = Math.sqrt([...found.values()].reduce((sum, one) => sum + one * one, 0)) || 1
  return { numbers: {}, words: new Map([...found].map(([part, value]) => [part, value / norm])) }
}

/** What of it was seen before: text, system prompt, tag, seed, the conversation it goes on from, its own words in that. */
function startHistory() {
  const times = new Map<string, number>()
  const last = new Map<string, number>()
  const turns = new Map<string, Sight>()
  return (sight: Sight, spec: Spec): Features => {
    const all = messagesOf(spec)
    const answer = all.findLastIndex(({ role }) => role === 'assistant')
    const earlier = answer > 0 ? turns.get(JSON.stringify(all.slice(0, answer))) : undefined
    const system = JSON.stringify(all.filter(({ role }) => role === 'system'))
    const { messages: _, prompt: __, cache, seed, ...plain } = spec
    const things = {
      text: JSON.stringify(all),
      first: JSON.stringify(all[0]),
      start: textOf(all.at(-1)!.content).slice(0, 24),
      system,
      cache: `${cache}`,
      seed: `${seed}`,
      settings: JSON.stringify(plain),
    }
    const numbers: Record<string, number> = { sinceTurn: earlier ? log(sight.at - earlier.at) : -1 }
    const list: string[] = []
    for (const [name, value] of Object.entries(things)) {
      const key = `${name} ${value}`
      const count = times.get(key) ?? 0
      numbers[`${name} times`] = log(count)
      numbers[`${name} since`] = count > 0 ? log(sight.at - last.get(key)!) : -1
      list.push(`${name} ${count > 0}`)
      times.set(key, count + 1)
      last.set(key, sight.at)
    }
    const own = answer > 0 && earlier ? textOf(all[answer]!.content) === earlier.answer() : undefined
    list.push(`goes on ${answer > 0} ${earlier !== undefined} ${own}`)
    turns.set(things.text, sight)
    return { numbers, words: words(...list) }
  }
}
