import type { LlamaContextSequence, Token } from 'node-llama-cpp'
import type { Piece } from '../output.ts'
import type { GenerationSpec } from '../spec.ts'
import { type Answer, type Step, startAnswer } from './answer.ts'
import { callId, startCalls } from './calls.ts'
import { startGrammars } from './grammars.ts'
import type { Llama } from './llama.ts'
import { startLogprobs } from './logprobs.ts'
import type { Ask } from './messages.ts'
import type { Outbox } from './outbox.ts'
import type { Permission, Room } from './permission.ts'
import { isReplayable, startRecord } from './record.ts'
import { engineSampler, openSampler } from './sampler.ts'
import { samplingOf } from './sampling.ts'
import type { Prompt } from './template.ts'
import { startText, type TextStream } from './text.ts'

/** Tokens of reasoning after which it is closed by force. */
const THOUGHTS = { none: 0, low: 256, medium: 1_024, high: Number.POSITIVE_INFINITY }

export type ChoiceOptions = {
  llama: Llama
  sequence: LlamaContextSequence
  prompt: Prompt
  /** The prompt's tokens that are not evaluated yet; one at least. */
  left: Token[]
  ask: Ask
  choice: number
  permission: Permission
  room: Room
  outbox: Outbox
}

/** How an answer ended, and what its tokens were drawn from, where that can be repeated. */
export type Written = { finish: 'stop' | 'length'; evidence?: Uint8Array[] }

/** Writes one answer; undefined when the job was closed on the way. */
export async function writeChoice(options: ChoiceOptions): Promise<Written | undefined> {
  const { llama, sequence, prompt, left, ask, choice, permission, room, outbox } = options
  const spec = ask.spec as GenerationSpec
  const drawn: Token[] = []
  const text = startText({ decode: llama.decode, before: prompt.tokens.slice(-8) })
  const answer = answerOf(llama, prompt, ask, choice, text)
  const grammars = await startGrammars(llama, spec, answer)
  const sampling = samplingOf({ model: llama.model, spec, seed: ask.seed, choice, drawn, grammar: grammars.current })
  const closing = llama.template.reasoning?.closing ?? []
  const replayable = !grammars.possible && closing.length === 0 && isReplayable(spec, sampling)
  const record = replayable ? startRecord(llama, prompt, sampling) : undefined
  const sampler = grammars.possible ? engineSampler : openSampler
  let draws = sampler.draw(sequence, left, sampling)
  const logprobs = spec.logprobs === undefined ? undefined : startLogprobs(llama.name)
  const budget: number =
    (spec.task === 'chat' && spec.reasoning && THOUGHTS[spec.reasoning]) || Number.POSITIVE_INFINITY
  const before = outbox.completion
  const mark = choice === 0 ? {} : { choice }
  let whole = ''

  function deliver(step: Step): void {
    const pieces = logprobs ? logprobs.attach(step) : step.pieces
    for (const piece of pieces) whole += piece.text ?? ''
    outbox.add(
      pieces.map(piece => ({ ...mark, ...piece })),
      { completion: before + step.completion },
    )
  }

  function end(step: Step, finish: 'stop' | 'length' | 'tool_calls', ended = false): Written {
    deliver(step)
    const { stopped } = step
    if (spec.task === 'chat' && spec.format && finish === 'stop' && stopped === undefined) JSON.parse(whole)
    const { reasoningTokens } = answer
    // What the receipt's own finish does not say already.
    const told = spec.choices || finish === 'tool_calls' || stopped !== undefined || reasoningTokens > 0
    const last: Piece = {
      ...mark,
      finish,
      ...(stopped !== undefined && { stopped }),
      ...(reasoningTokens > 0 && { reasoningTokens }),
    }
    if (told) outbox.add([last], {})
    const evidence = record?.leaves(ended)
    return { finish: finish === 'length' ? 'length' : 'stop', ...(evidence && { evidence }) }
  }

  let closed = false
  /** Puts the end of the reasoning into the model's mouth; once. */
  async function close(before: readonly Token[]): Promise<void> {
    await draws.return(undefined)
    closed = true
    drawn.push(...closing)
    for (const token of closing) deliver(answer.push(token))
    draws = sampler.draw(sequence, [...before, ...closing], sampling)
  }

  try {
    let over = false // the model has ended its turn
    while (true) {
      const thinks = !closed && closing.length > 0 && answer.mode === 'reasoning'
      const closes = thinks && (over || answer.reasoningTokens >= budget)
      const more = closes ? closing.length : 1
      const full = text.pushed + more > spec.maxCompletion
      if (full || (over && !closes)) {
        const step = answer.end()
        return end(step, step.finish ?? (over ? 'stop' : 'length'), over)
      }
      if (!(await room.wait(before + text.pushed, more))) return undefined
      if (closes) {
        // Who ends while thinking has not answered yet. The last token is evaluated already if the model saw it.
        await close(over ? [] : drawn.slice(-1))
        over = false
        continue
      }
      await llama.pool.turn()
      const { done, value } = await draws.next()
      if (permission.closed) return undefined
      over = done === true || llama.template.ends.tokens.has(value.token)
      if (value?.position) record?.add(value.position)
      if (done || over) continue
      drawn.push(value.token)
      logprobs?.push(value, text.pushed, answer.mode)
      const step = answer.push(value.token)
      if (step.finish) return end(step, step.finish)
      deliver(step)
      await grammars.follow()
    }
  } finally {
    await draws.return(undefined)
  }
}

/** Reads one answer of a job, token by token. */
export function answerOf(
  { template }: Pick<Llama, 'template'>,
  prompt: Prompt,
  ask: Pick<Ask, 'spec' | 'seed'>,
  choice: number,
  text: TextStream,
): Answer {
  const { spec, seed } = ask
  const chat = spec.task === 'chat' ? spec : undefined
  const { calls: form, reasoning } = template
  const offered = chat?.toolChoice === 'none' ? undefined : chat?.tools
  const calls = offered &&
    form && {
      mark: form.mark,
      reader: startCalls({
        form,
        tools: offered,
        parallel: chat?.parallelTools !== false,
        id: index => callId(seed, choice, index),
      }),
    }
  return startAnswer({
    text,
    stop: (spec as GenerationSpec).stop,
    ends: chat ? template.ends.texts : [],
    ...(chat && reasoning && { reasoning }),
    ...(calls && { calls }),
    opens: prompt.opens,
    ...(prompt.name !== undefined && { name: prompt.name }),
  })
}
