import type { Answer, Settlement } from '@heddle/protocol'
import { malformed, type Piece, startPieces, type TokenLogprob } from '../../output.ts'
import { finishOf } from './usage.ts'

export type ToolCall = { id: string; name: string; arguments: string }
export type Logprobs = (TokenLogprob & { top: TokenLogprob[] })[]

/** What is known of one choice while its pieces arrive. */
export type Choice = {
  /** Ids of the tool calls, by their index. */
  calls: string[]
  finish?: Piece['finish']
  stopped?: string
  reasoningTokens: number
}

/**
 * Follows the choices of one answer, and holds the pieces to what was asked. `add` gives the number of the choice.
 * Throws `receipt_mismatch` for a choice that was not asked for, and for tool calls that have no beginning or do not
 * follow each other.
 */
export function followChoices(count = 1): { choices: readonly Choice[]; add(piece: Piece): number } {
  const choices = Array.from({ length: count }, (): Choice => ({ calls: [], reasoningTokens: 0 }))
  return {
    choices,
    add(piece) {
      const { choice: at = 0, toolCall } = piece
      const choice = choices[at]
      if (!choice) throw malformed(`choice ${at} was not asked for`)
      if (toolCall) {
        const { index, id, name } = toolCall
        if (index === choice.calls.length && id && name) choice.calls.push(id)
        else if (index !== choice.calls.length - 1) throw malformed('tool calls do not follow each other')
      }
      if (piece.finish) choice.finish = piece.finish
      if (piece.stopped !== undefined) choice.stopped = piece.stopped
      if (piece.reasoningTokens !== undefined) choice.reasoningTokens = piece.reasoningTokens
      return at
    },
  }
}

export const reasoningTokensOf = (choices: readonly Choice[]): number =>
  choices.reduce((sum, one) => sum + one.reasoningTokens, 0)

/** Why a choice ended: what its pieces say, else what the receipt says. Throws `interrupted`. */
export function reasonOf({ finish, calls }: Choice, settlement: Settlement): NonNullable<Piece['finish']> {
  const whole = finishOf(settlement)
  if (finish) return finish
  return whole === 'stop' && calls.length > 0 ? 'tool_calls' : whole
}

/** Whether a choice ended before it was whole: what it was writing is as it was left. */
export const isCut = (choice: Choice, settlement: Settlement): boolean =>
  ['length', 'filtered'].includes(reasonOf(choice, settlement))

type Content = { text: string; reasoning: string; toolCalls: ToolCall[]; logprobs?: Logprobs }

/** One choice of a whole answer. */
export type WholeChoice = Choice & Content

export type Whole = { choices: readonly WholeChoice[]; settlement: Settlement }

/** Follows the choices of one answer as {@link followChoices} does, and keeps all that they say. */
export function gatherChoices(count = 1): { choices(): WholeChoice[]; add(piece: Piece): void } {
  const { choices, add } = followChoices(count)
  const contents = choices.map((): Content => ({ text: '', reasoning: '', toolCalls: [] }))
  return {
    choices: () => choices.map((choice, at) => ({ ...choice, ...contents[at]! })),
    add(piece) {
      const content = contents[add(piece)]!
      if (piece.text !== undefined) content.text += piece.text
      if (piece.reasoning !== undefined) content.reasoning += piece.reasoning
      if (piece.toolCall) addCall(content.toolCalls, piece.toolCall)
      if (piece.logprobs) content.logprobs = (content.logprobs ?? []).concat(piece.logprobs)
    },
  }
}

/** Reads an answer to its end. Throws what it breaks off with. */
export async function gather(answer: Answer, count = 1): Promise<Whole> {
  const reader = startPieces()
  const { choices, add } = gatherChoices(count)
  for await (const bytes of answer.deltas) for (const piece of reader.push(bytes)) add(piece)
  for (const piece of reader.end()) add(piece)
  const settlement = await answer.done
  finishOf(settlement)
  return { choices: choices(), settlement }
}

function addCall(calls: ToolCall[], { index, id, name, arguments: more = '' }: NonNullable<Piece['toolCall']>): void {
  const call = calls[index]
  if (call) call.arguments += more
  else calls[index] = { id: id!, name: name!, arguments: more }
}
