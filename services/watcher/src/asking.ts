import type { Metrics } from '@heddle/daemon'
import { type Clock, isHeddleError, type Log } from '@heddle/protocol'
import { type Again, agains } from '@heddle/workloads/doors'
import type { Seen, WatchedGateway } from './gateway.ts'
import type { Run } from './runs.ts'

/** Waits so many milliseconds. Throws when told to stop. */
export type Pause = (milliseconds: number, signal: AbortSignal) => Promise<void>

export type Asking = {
  gateway: WatchedGateway
  clock: Clock
  pause: Pause
  metrics: Metrics
  log: Log
  signal: AbortSignal
}

type Turn = { spec: unknown; finished: number; answer: Promise<{ text: string; at: number } | undefined> }

/**
 * Asks a run again, each question as long after the first as it was then; a later turn of a conversation goes on from what
 * is answered now, as long after it as then. Texts are read just before they are asked, and kept for the run alone. What
 * its key does not share any more, and what cannot be asked exactly so, is left out.
 */
export async function askRun(asking: Asking, { provider, questions }: Run): Promise<void> {
  const { gateway, clock, pause, log, signal } = asking
  const begun = clock.now()
  const first = questions[0]!.started
  const turns: Turn[] = []
  for (const moment of momentsOf(questions)) {
    const ready = await Promise.all(
      moment.map(async seen => {
        const question = await gateway.question(seen.id, signal).catch(error => {
          if (isHeddleError(error, 'forbidden')) return undefined
          throw error
        })
        return question && { seen, ...question }
      }),
    )
    await pause(Math.max(0, begun + moment[0]!.started - first - clock.now()), signal)
    for (const one of ready) {
      if (!one) continue
      const again = agains.get(one.workload)
      if (!again) continue
      const earlier = turns.filter(turn => again?.goesOnFrom(one.spec, turn.spec))
      const answer = ask(asking, again, { ...one, provider, earlier }).catch(error => {
        if (!signal.aborted) {
          asking.metrics.add('canaries_failed_total')
          log.warn('canary not answered', { error: (error as Error).message })
        }
        return undefined
      })
      turns.push({ spec: one.spec, finished: one.seen.finished, answer })
    }
  }
  await Promise.all(turns.map(({ answer }) => answer))
}

type Question = { seen: Seen; spec: unknown; provider: string; earlier: readonly Turn[] }

async function ask(asking: Asking, again: Again, { seen, spec, provider, earlier }: Question) {
  const { gateway, clock, pause, metrics, signal } = asking
  const answers = await Promise.all(earlier.map(({ answer }) => answer))
  const turns = earlier.flatMap((turn, i) => {
    const found = answers[i]
    return found ? [{ spec: turn.spec, answer: found.text, due: found.at + seen.started - turn.finished }] : []
  })
  // An answer that did not come is not gone on from.
  if (turns.length < earlier.length) return undefined
  const request = again.requestFor(again.continuing(spec, turns), seen.name)
  if (!request) return undefined
  if (turns.length > 0) await pause(Math.max(0, ...turns.map(({ due }) => due - clock.now())), signal)
  const json = await gateway.ask(request.path, { ...request.body, provider: { only: [provider] } }, signal)
  metrics.add('canaries_sent_total')
  const text = again.answerIn(json)
  return text === undefined ? undefined : { text, at: clock.now() }
}

/** Questions that were asked at once: under one signature. */
function momentsOf(questions: readonly Seen[]): [Seen, ...Seen[]][] {
  const moments: [Seen, ...Seen[]][] = []
  for (const one of questions) {
    const last = moments.at(-1)
    if (last && last[0].again?.together === one.again?.together) last.push(one)
    else moments.push([one])
  }
  return moments
}
