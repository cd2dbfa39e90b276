import { type Chunk, type Context, type Finish, HeddleError, utf8 } from '@heddle/protocol'
import type { Bounds } from '../guard/answer.ts'
import type { Audit } from '../guard/audit.ts'
import { byteLength } from '../limits.ts'
import { encodePiece, type Piece } from '../output.ts'
import type { GenerationSpec } from '../spec.ts'
import type { InferenceUnit } from '../workload.ts'
import { startCut } from './cut.ts'
import type { EngineEvent } from './event.ts'
import { startJsonEnd } from './json-end.ts'
import { startTally } from './tally.ts'

export type DeliveryOptions = {
  spec: GenerationSpec
  bounds: Bounds
  audit: Audit
  job: string
  outlet: Context<InferenceUnit>
}

/** An answer on its way to who asked: its output, its counts, and how its choices ended. */
export type Delivery = {
  /** Takes over what a message says, unless its tokens are more than this chunk may count: then false. */
  take(event: EngineEvent): boolean
  /** Hands over what was taken, as one delta. */
  flush(): void
  /** One more chunk may be counted. */
  permit(): void
  /** Every choice has ended: at most counts are still to come. */
  complete(): boolean
  /** The engine goes on after all that was asked for. */
  overrun(): boolean
  /** The engine has said how long the prompt was. */
  prompted(): boolean
  /** How long the prompt was, where the engine did not say. */
  prompt(tokens: number): void
  /** Ends choices that the engine did not end. */
  cut(): void
  /** Nothing more comes. Throws `engine_down` when a choice has not ended. */
  conclude(): void
  /** The chunk that was permitted, as far as it goes; with a finish when that is all. */
  chunk(): Chunk<InferenceUnit>
}

/** However many tokens a message stands for, no chunk counts more than 64 of them. */
export function startDelivery({ spec, bounds, audit, job, outlet }: DeliveryOptions): Delivery {
  const choices = spec.choices ?? 1
  const finishes = new Map<number, Piece>()
  const tally = startTally(bounds, () => audit.refused({ rule: 'usage', job }))
  const cut = startCut({ most: bounds.completion / choices, choices })
  const torn = new Set<number>()
  const isOneJson =
    spec.task === 'chat' && choices === 1 && (spec.format?.type === 'json' || spec.format?.type === 'schema')
  const json = isOneJson ? startJsonEnd() : undefined
  let pending = ''
  let reasoned = 0
  let concluded = false

  const write = (text: string): void => {
    pending += text
    tally.wrote(byteLength(text))
  }
  /** Half a character waits for its other half, for as long as there may be one. */
  const flush = (all = false): void => {
    const end = !all && HALF.test(pending) ? pending.length - 1 : pending.length
    if (end === 0) return
    const bytes = utf8(pending.slice(0, end))
    pending = pending.slice(end)
    outlet.deliver({ bytes, used: tally.used() })
  }
  return {
    take(came) {
      if (came.tokens > 0 && tally.full()) return false
      const event = cut.take(json?.take(came) ?? came)
      for (const choice of event.torn ?? []) torn.add(choice)
      for (const piece of event.pieces) {
        if (piece.finish) finishes.set(piece.choice ?? 0, piece)
        else write(encodePiece(piece))
        if (piece.reasoning) reasoned++
      }
      tally.add(event)
      return true
    },
    flush: () => flush(),
    permit: () => tally.permit(),
    complete: () => finishes.size >= choices,
    overrun: () => ((cut.any || json?.ended) && finishes.size >= choices) || tally.overrun(),
    prompted: () => tally.prompted(),
    prompt: tokens => tally.prompt(tokens),
    cut() {
      audit.refused({ rule: 'overrun', job })
      for (let choice = 0; choice < choices; choice++)
        if (!finishes.has(choice)) finishes.set(choice, { finish: 'length' })
    },
    conclude() {
      if (finishes.size < choices) throw new HeddleError('engine_down', 'the answer ended before it was complete')
      // vLLM says of a call that ran out of tokens that it is one.
      if (tally.spent()) for (const choice of torn) finishes.set(choice, { ...finishes.get(choice), finish: 'length' })
      write(endingOf(finishes, choices, reasoned))
      concluded = true
    },
    chunk() {
      const last = concluded && !tally.ahead()
      flush(last)
      return last ? { used: tally.used(), finish: finishOf(finishes) } : { used: tally.used() }
    },
  }
}

const HALF = /[\ud800-\udbff]$/

/** Records of how the choices ended; none for a plain answer, which a chunk's own `finish` describes. */
function endingOf(finishes: ReadonlyMap<number, Piece>, choices: number, reasoned: number): string {
  const first = finishes.get(0)
  const plain = first?.finish === 'stop' || first?.finish === 'length'
  if (choices === 1 && plain && first.stopped === undefined && reasoned === 0) return ''
  return [...finishes]
    .sort(([a], [b]) => a - b)
    .map(([choice, { finish, stopped }]) =>
      encodePiece({
        ...(choice > 0 ? { choice } : {}),
        ...(finish ? { finish } : {}),
        ...(stopped !== undefined ? { stopped } : {}),
        ...(choice === 0 && reasoned > 0 ? { reasoningTokens: reasoned } : {}),
      }),
    )
    .join('')
}

function finishOf(finishes: ReadonlyMap<number, Piece>): Exclude<Finish, 'interrupted'> {
  for (const { finish } of finishes.values()) if (finish === 'length') return 'length'
  return 'stop'
}
