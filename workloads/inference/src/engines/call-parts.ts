import { startJson } from '../engine/calls.ts'
import { MAX_TOOL_CALLS } from '../limits.ts'
import type { Piece } from '../output.ts'
import { countAt, isObject, malformed, objectAt, textAt } from './json.ts'

type CallPiece = NonNullable<Piece['toolCall']>

/** Puts the calls of one choice in order, however an engine sends their parts. */
export type CallParts = {
  /** Takes one part, and gives what can be handed on. Throws `engine_malformed`. */
  take(part: unknown, place: number): CallPiece[]
  /** All that was held back; `whole` when the calls are not cut off. */
  end(whole: boolean): CallPiece[]
  readonly any: boolean
}

type Call = {
  /** The number and the id that the engine gave it, if any. */
  place: number | undefined
  given: string
  name: string
  /** Arguments that were not handed on, and whether any were. */
  waiting: string
  said: boolean
  /** It was begun towards who asked. */
  begun: boolean
  whole: boolean
  json: ReturnType<typeof startJson>
}

/**
 * Engines send calls one after the other or interleaved, all with the index 0 or with none, whole or in parts, the name
 * in pieces or again with every part. What is handed on is always the same: calls after each other, each with id and
 * name first, and with arguments that are JSON where there were none.
 */
export function startCallParts(nameCall: (given: string | undefined) => string): CallParts {
  const calls: Call[] = []
  let at = 0

  function callOf(part: Record<string, unknown>, place: number): Call {
    const given = textAt(part, 'id') ?? ''
    const index = countAt(part, 'index')
    const name = textAt(objectAt(part, 'function'), 'name') ?? ''
    const same = given === '' ? undefined : calls.find(call => call.given === given)
    if (same) return same
    const key = index ?? (place > 0 ? place : undefined)
    const known = key === undefined ? calls.at(-1) : calls.findLast(call => call.place === key)
    if (known && !isAnother(known, given, name)) return known
    if (calls.length >= MAX_TOOL_CALLS) throw malformed(`there are more than ${MAX_TOOL_CALLS} tool calls`)
    if (name === '') throw malformed('a tool call has no name')
    const call: Call = {
      place: key,
      given,
      name: '',
      waiting: '',
      said: false,
      begun: false,
      whole: false,
      json: startJson(),
    }
    calls.push(call)
    return call
  }

  /** Hands on what the first unfinished call has; then the next, once it is whole and there is one. */
  function advance(over: boolean): CallPiece[] {
    const pieces: CallPiece[] = []
    for (; at < calls.length; at++) {
      const call = calls[at]!
      const follows = at + 1 < calls.length
      // Its name may still go on, until there are arguments or another call.
      if (!call.begun && (call.waiting !== '' || follows || over)) {
        call.begun = true
        pieces.push({ index: at, id: nameCall(call.given || undefined), name: call.name, arguments: call.waiting })
        call.waiting = ''
      } else if (call.waiting !== '') {
        pieces.push({ index: at, arguments: call.waiting })
        call.waiting = ''
      }
      if (!over && !(follows && call.whole)) return pieces
      if (over && !call.said) pieces.push({ index: at, arguments: '{}' })
    }
    return pieces
  }

  return {
    take(part, place) {
      if (!isObject(part)) throw malformed('a tool call is no object')
      const call = callOf(part, place)
      const given = objectAt(part, 'function')
      const name = textAt(given, 'name') ?? ''
      if (!call.begun && name !== call.name) call.name += name
      const json = argumentsIn(given)
      if (json !== '') {
        // Blanks after the end belong to nobody.
        if (!call.whole || json.trim() !== '') call.waiting += json
        call.said ||= json.trim() !== ''
        for (const character of json) if (call.json.push(character)) call.whole = true
      }
      return advance(false)
    },
    end: whole => (whole ? advance(true) : cut()),
    get any() {
      return calls.length > 0
    },
  }

  /** An answer that ended before its calls did: what there is, and nothing that was not said. */
  function cut(): CallPiece[] {
    const pieces: CallPiece[] = []
    for (; at < calls.length; at++) {
      const call = calls[at]!
      if (!call.begun)
        pieces.push({ index: at, id: nameCall(call.given || undefined), name: call.name, arguments: call.waiting })
      else if (call.waiting !== '') pieces.push({ index: at, arguments: call.waiting })
    }
    return pieces
  }
}

/** Whether a part begins another call, though it seems to belong to this one. */
function isAnother(call: Call, given: string, name: string): boolean {
  if (given !== '' && call.given !== '' && given !== call.given) return true
  if (name === '' || name === call.name) return name !== '' && call.whole
  return call.said
}

/** Arguments are a text, of some engines an object. */
function argumentsIn(given: Record<string, unknown>): string {
  const value = given['arguments']
  return isObject(value) ? JSON.stringify(value) : (textAt(given, 'arguments') ?? '')
}
