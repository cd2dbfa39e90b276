import type { Seen, Served } from './gateway.ts'
import { pick } from './prompts.ts'
import type { Random } from './sample.ts'

/** Questions that one key asked one provider, one after the other, and the provider that they are asked of now. */
export type Run = Readonly<{ provider: string; questions: readonly Seen[] }>

/** What was asked again, of whom: a question by its receipt, and the digest of its text. */
export type Asked = Readonly<{ id: string; asks: string; provider: string }>

/**
 * A pause that is longer than this share of the mean pause, or than so many milliseconds, ends a run: bursts stay whole, and
 * what comes evenly is asked one by one, for two even streams at once would be seen as twice as many for a while.
 */
const SHARE = 0.25
const PAUSE = 30_000
/** Questions of a run, but for later turns of a conversation that it began. */
const MOST = 12
/** Canaries for each question of others. */
const MOST_OFTEN = 0.25
const HOUR = 3_600_000

type Stretch = { by: string; questions: Seen[] }

/**
 * What to ask a provider again that others answered and it has not seen; of the group of a question that it was asked just
 * now, by the same key with the same beginning, so that nothing that canaries alone hold tells them apart. `like` is left
 * out for a provider that nobody asks anything: it has nothing that a question could be unlike. A run is asked as a whole
 * in its own rhythm, so bursts, repetitions and conversations are what they were; each question is asked once at most. Long
 * runs are drawn more rarely, so that the mean of what is asked for each `like` is one question. Nothing where there is
 * nothing to ask. Pure: `random` decides.
 */
export function planRun(
  seen: readonly Seen[],
  options: { provider: string; like?: Seen; served: readonly Served[]; asked: readonly Asked[] },
  random: Random,
): Run | undefined {
  const { provider, like, served, asked } = options
  const shared = seen.filter(({ again }) => again !== undefined)
  const done = new Set(asked.map(({ id }) => id))
  const known = knownTo(provider, shared, asked)
  const candidates = stretchesOf(like ? shared.filter(one => groupOf(one) === groupOf(like)) : shared)
    .filter(({ by }) => by !== provider)
    .map(({ questions }) => leftOf(questions, ({ id, again }) => done.has(id) || known.has(again!.asks)))
    .filter(([first]) => served.some(one => one.provider === provider && one.model === first?.name))
  const length = candidates.reduce((sum, questions) => sum + questions.length, 0) / candidates.length
  if (candidates.length === 0 || random() >= 1 / length) return undefined
  return { provider, questions: pick(candidates, random) }
}

/**
 * The chance that a question which a provider was asked just now is followed by a canary, so that it is sent so many an
 * hour: by its traffic of the last hour, and never more than a quarter of it.
 */
export function chanceOf(seen: readonly Seen[], options: { provider: string; perHour: number; now: number }): number {
  const { provider, perHour, now } = options
  const [oldest] = seen
  const hours = Math.min(1, (now - (oldest?.started ?? now)) / HOUR)
  const lately = seen.filter(one => one.again && one.provider === provider && one.started > now - HOUR).length
  return lately === 0 ? 0 : Math.min(MOST_OFTEN, (perHour * hours) / lately)
}

const groupOf = ({ apiKey, name, again }: Seen): string => `${apiKey} ${again?.begins} ${name}`

/** What one key asked of one provider with the same beginning, in runs. Later turns stay with those before them. */
function stretchesOf(seen: readonly Seen[]): Stretch[] {
  const places = Map.groupBy(seen, one => `${groupOf(one)} ${one.provider}`)
  return [...places.values()].flatMap(questions => {
    const inOrder = questions.toSorted((a, b) => a.started - b.started)
    const span = inOrder.at(-1)!.started - inOrder[0]!.started
    const most = Math.min(PAUSE, (SHARE * span) / Math.max(1, inOrder.length - 1))
    const turns = new Map<string, Stretch>()
    const stretches: Stretch[] = []
    for (const one of inOrder) {
      const earlier = one.again?.after && turns.get(one.again.after)
      let stretch = earlier || stretches.at(-1)
      const before = stretch?.questions.at(-1)
      const joins =
        before &&
        (earlier ||
          before.again?.together === one.again?.together ||
          (one.started - before.started <= most && stretch!.questions.length < MOST))
      if (!stretch || !joins) {
        stretch = { by: one.provider, questions: [] }
        stretches.push(stretch)
      }
      stretch.questions.push(one)
      turns.set(one.again!.asks, stretch)
    }
    return stretches
  })
}

/**
 * Texts that a provider was sent already, by whomever. What its own asker asks of one provider again and again is not
 * among them: to have seen it is nothing uncommon.
 */
function knownTo(provider: string, seen: readonly Seen[], asked: readonly Asked[]): ReadonlySet<string> {
  const counts = new Map<string, number>()
  for (const { provider: by, apiKey, again } of seen) {
    const place = `${by} ${apiKey} ${again?.asks}`
    counts.set(place, (counts.get(place) ?? 0) + 1)
  }
  const often = new Set([...counts].flatMap(([place, count]) => (count > 1 ? [place.split(' ')[2]!] : [])))
  const sent = seen.flatMap(({ provider, again }) => (again ? [{ provider, asks: again.asks }] : []))
  return new Set(
    [...sent, ...asked].flatMap(one => (one.provider === provider && !often.has(one.asks) ? [one.asks] : [])),
  )
}

/** Without some, and without what goes on from those. */
function leftOf(questions: readonly Seen[], isGone: (one: Seen) => boolean): Seen[] {
  const gone = new Set<string>()
  return questions.filter(one => {
    const { asks, after } = one.again!
    const stays = !isGone(one) && !(after !== undefined && gone.has(after))
    if (!stays) gone.add(asks)
    return stays
  })
}
