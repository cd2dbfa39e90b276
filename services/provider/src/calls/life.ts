import type { Alive, InQueue } from '@heddle/protocol'
import type { AnswerOutlet } from './jobs.ts'

/** Milliseconds of silence after which a job says that it lives. */
const EVERY = 2_000
/** Milliseconds between two signs at least, however often a worker tells of its work. */
const LEAST = 500

/** Says on a job's stream that it lives, while nothing else is said there. */
export type Life = {
  /** It waits for a place. */
  queued(place: InQueue): void
  /** It has its place. */
  works(): void
  /** What its worker says. */
  alive(sign: Alive): void
  stop(): void
}

/** Starts the signs of life of one job; none at all where its payer does not understand them. */
export function startLife(outlet: Pick<AnswerOutlet, 'alive' | 'silence'>, wanted: boolean): Life {
  if (!wanted) return { queued: nothing, works: nothing, alive: nothing, stop: nothing }
  let now = (): Alive => ({ state: 'working' })
  let told = ''
  const say = (): void => {
    const sign = now()
    told = sign.state
    outlet.alive(sign)
  }
  const timer = setInterval(() => {
    if (outlet.silence() >= EVERY) say()
  }, EVERY / 2)
  return {
    queued(place) {
      now = () => ({ state: 'queued', position: place.position() })
      say()
    },
    works() {
      now = () => ({ state: 'working' })
      if (told === 'queued') say()
    },
    alive(sign) {
      now = () => sign
      if (sign.state !== told && outlet.silence() >= LEAST) say()
    },
    stop: () => clearInterval(timer),
  }
}

const nothing = (): void => undefined
