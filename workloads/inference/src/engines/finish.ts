import { HeddleError } from '@heddle/protocol'
import type { Piece } from '../output.ts'
import { isObject } from './json.ts'

type Finish = NonNullable<Piece['finish']>

/** Words in what engines write for why an answer ended, the first that fits. */
const WORDS: readonly (readonly [RegExp, Finish | 'broken'])[] = [
  [/error|abort|cancel|fail|time.?out|interrupt|insufficient|unavailable|preempt|kill|crash/, 'broken'],
  [/length|limit|max_|max.?tokens|token_budget|truncat/, 'length'],
  [/tool|function/, 'tool_calls'],
  [/filter|safety|recitation|block|prohibit|sensitive|refus/, 'filtered'],
]

/**
 * Why an answer ended, as an engine says it: a word of OpenAI's or of its own, or an object with one. What none of the words is for
 * has ended by itself (`eos`, `end_turn`…). Throws `engine_refused` where the engine gave up: what is broken is never told as whole.
 */
export function finishOf(said: unknown): Finish {
  const reason = (isObject(said) ? String(said['type'] ?? '') : String(said)).toLowerCase()
  const found = WORDS.find(([words]) => words.test(reason))?.[1] ?? 'stop'
  if (found !== 'broken') return found
  throw new HeddleError('engine_refused', 'the engine gave up in the middle of this answer', {
    cause: { said: reason.slice(0, 100) },
  })
}
