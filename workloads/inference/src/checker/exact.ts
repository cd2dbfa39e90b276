import type { Offer, Receipt } from '@heddle/protocol'
import type { Head } from '../draw/index.ts'
import { completionLimit } from '../length.ts'
import { readPieces, textOf } from '../output.ts'
import type { GenerationSpec } from '../spec.ts'
import type { Looked } from './messages.ts'

/** A check that needs the model's own words, but no measuring: what it is called, and what it found. */
export type Exact = { check: 'prompt' | 'text' | 'truncated' | 'usage'; reason: string; facts: Facts }
type Facts = Readonly<Record<string, string | number | null>>

type Answer = {
  receipt: Receipt
  head: Head
  spec: GenerationSpec
  output: Uint8Array
  looked: Looked
  /** Of the offer, where it is known: an answer is cut to what fits, and without them nobody knows what did. */
  limits?: Offer['limits'] | undefined
}

/** What is wrong with an answer's tokens, text, end or counts, as the reference reads them; the prompt is for itself. */
export function exactFault(answer: Answer): Exact | undefined {
  return textFault(answer) ?? endFault(answer) ?? usageFault(answer)
}

/** Another prompt than the job's: exact where the engine is of a kind whose prompts are known. */
export function promptFault({ head, looked }: Pick<Answer, 'head' | 'looked'>): Exact | undefined {
  const { digest, tokens } = looked.prompt
  if (digest !== head.promptDigest)
    return {
      check: 'prompt',
      reason: 'another prompt was read than was asked',
      facts: { wanted: digest, read: head.promptDigest },
    }
  if (tokens !== head.prompt)
    return { check: 'prompt', reason: 'the prompt has another length', facts: { wanted: tokens, read: head.prompt } }
  return undefined
}

function textFault({ head, output, looked: { vocabulary, reading } }: Answer): Exact | undefined {
  if (vocabulary !== head.vocabulary || !reading) {
    const facts = { wanted: vocabulary, told: head.vocabulary }
    return { check: 'text', reason: 'the model has other tokens', facts }
  }
  let text: string
  let stopped: string | undefined
  try {
    text = textOf(output)
    stopped = readPieces(output).find(piece => piece.stopped !== undefined)?.stopped
  } catch {
    return { check: 'text', reason: 'the output is none of an engine', facts: {} }
  }
  if (text !== reading.text)
    return {
      check: 'text',
      reason: 'the tokens spell another text',
      facts: { at: firstDifference(text, reading.text), sent: text.length, spelt: reading.text.length },
    }
  if ((stopped ?? null) !== reading.stopped)
    return {
      check: 'text',
      reason: 'another stop text is named',
      facts: { sent: stopped ?? null, found: reading.stopped },
    }
  return undefined
}

function firstDifference(a: string, b: string): number {
  let at = 0
  while (at < a.length && a[at] === b[at]) at++
  return at
}

/** An answer ends with a token of the model, with a stop text, or at its limit, and says which. */
function endFault({ receipt, head, spec, looked, limits }: Answer): Exact | undefined {
  const { by, at } = looked.reading!.end
  const last = head.positions - 1
  const written = head.positions - (head.ended ? 1 : 0)
  const facts = { finish: receipt.finish, ended: head.ended ? 1 : 0, by, at, positions: head.positions }
  const fault = (reason: string): Exact => ({ check: 'truncated', reason, facts })
  if (by !== 'nothing' && at < last) return fault('tokens follow the end of the answer')
  if (head.ended && by !== 'token') return fault('it does not end with a token that ends answers')
  if (!head.ended && by === 'token') return fault('the token that ends it is counted as text')
  if (receipt.finish === 'stop' && by === 'nothing') return fault('nothing ends it')
  if (receipt.finish === 'length' && by !== 'nothing') return fault('it has ended by itself')
  const most = limits && completionLimit(spec, limits, head.prompt)
  if (receipt.finish === 'length' && most !== undefined && written < most) return fault('it ends before its limit')
  if (written > spec.maxCompletion) return fault('it goes on above its limit')
  return undefined
}

function usageFault({ receipt, looked }: Answer): Exact | undefined {
  const completion = Object.hasOwn(receipt.usage, 'completion') ? BigInt(receipt.usage['completion']!) : 0n
  const { completion: read } = looked.reading!
  if (completion <= BigInt(read)) return undefined
  const facts = { charged: completion.toString(), delivered: read }
  return { check: 'usage', reason: 'tokens are charged that were not delivered', facts }
}
