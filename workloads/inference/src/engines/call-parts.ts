import { objectIn } from '../arguments.ts'
import { startJson } from '../engine/calls.ts'
import { MAX_TOOL_CALLS } from '../limits.ts'
import type { Piece } from '../output.ts'
import { countAt, isObject, malformed, objectAt, textAt, wordAt } from './json.ts'

type CallPiece = NonNullable<Piece['toolCall']>

/** Puts the calls of one choice in order, however an engine sends their parts. */
export type CallParts = {
  /** Takes one part, and gives what can be handed on. Throws `engine_malformed`. */
  take(part: unknown, place: number): CallPiece[]
  /** All that was held back; `whole` when the calls are not cut off. Throws `engine_malformed` for a call without a name. */
  end(whole: boolean): CallPiece[]
  readonly any: boolean
  /** The last call is an object that has no end. */
  readonly torn: boolean
}

type Call = {
  /** The number and the id that the engine gave it, if any. */
  place: number | undefined
  given: string
  name: string
  /** The arguments, up to their end, and what came after it. */
  json: string
  after: string
  /** Characters of the arguments that were handed on. */
  handed: number
  /** It was begun towards who asked. */
  begun: boolean
  whole: boolean
  reader: ReturnType<typeof startJson>
}

const emptyCall = (place: number | undefined, given: string, name = ''): Call => ({
  ...{ place, given, name, json: '', after: '', handed: 0, begun: false, whole: false },
  reader: startJson(),
})

/**
 * Engines send calls one after the other or interleaved, all with the index 0 or with none, whole or in parts, the name
 * in pieces or again with every part, or after the arguments. What is handed on is always the same: calls after each other,
 * each with id and name first, and with arguments that are an object where they can be: none are `{}`, and so is `null`; an
 * object in a string is taken out of it. Two objects in a row are two calls, unless they are the same one said twice.
 */
export function startCallParts(
  nameCall: (given: string | undefined) => string,
  nameTool: (given: string) => string,
): CallParts {
  const calls: Call[] = []
  let at = 0

  function add(call: Call, after = calls.length): Call {
    if (calls.length >= MAX_TOOL_CALLS) throw malformed(`there are more than ${MAX_TOOL_CALLS} tool calls`)
    calls.splice(after, 0, call)
    return call
  }
  function callOf(part: Record<string, unknown>, place: number): Call {
    const given = wordAt(part, 'id') ?? ''
    const index = countAt(part, 'index')
    const name = textAt(objectAt(part, 'function'), 'name') ?? ''
    const same = given === '' ? undefined : calls.find(call => call.given === given)
    if (same) return same
    const key = index ?? (place > 0 ? place : undefined)
    const known = key === undefined ? calls.at(-1) : calls.findLast(call => call.place === key)
    return known && !isAnother(known, given, name) ? known : add(emptyCall(key, given))
  }

  /** Hands on what the first unfinished call has; then the next, once it is whole and there is one. */
  function advance(over: boolean): CallPiece[] {
    const pieces: CallPiece[] = []
    for (; at < calls.length; at++) {
      const call = calls[at]!
      const follows = at + 1 < calls.length
      const ends = over || (follows && call.whole)
      if (over && call.name === '') throw malformed('a tool call has no name')
      // Its name may still go on, until there are arguments or another call.
      if (call.name !== '' && (call.begun || call.json.trim() !== '' || follows || over))
        pieces.push(...piecesOf(call, at, ends))
      if (!ends || call.name === '') return pieces
      split(call)
    }
    return pieces
  }
  /** The head of a call that has not begun, and what can be handed on of its arguments. */
  function piecesOf(call: Call, index: number, ends: boolean): CallPiece[] {
    const { begun } = call
    const json = more(call, ends)
    if (begun) return json === '' ? [] : [{ index, arguments: json }]
    call.begun = true
    const head = { index, id: nameCall(call.given || undefined), name: nameTool(call.name) }
    return [{ ...head, arguments: json }]
  }
  /** An object after a call's arguments is another call of the same tool, if it is not the same again; else it is nothing. */
  function split({ after, json, name }: Call): void {
    const next = after.trimStart()
    if (next.startsWith('{') && next.trimEnd() !== json.trim()) write(add(emptyCall(undefined, '', name), at + 1), next)
  }

  return {
    take(part, place) {
      if (!isObject(part)) throw malformed('a tool call is no object')
      const call = callOf(part, place)
      const given = objectAt(part, 'function')
      const name = textAt(given, 'name') ?? ''
      if (!call.begun && name !== call.name) call.name += name
      write(call, argumentsIn(given))
      return advance(false)
    },
    end: whole => (whole ? advance(true) : cut()),
    get any() {
      return calls.length > 0
    },
    get torn() {
      const last = calls.at(-1)
      return last !== undefined && !last.whole && last.json.trimStart().startsWith('{')
    },
  }

  /** An answer that ended before its calls did: what there is, and nothing that was not said. */
  function cut(): CallPiece[] {
    const named = calls.slice(at).filter(({ name }) => name !== '')
    return named.flatMap((call, i) => {
      const { begun, json, handed } = call
      if (begun) return json.length > handed ? [{ index: at + i, arguments: json.slice(handed) }] : []
      return [{ index: at + i, id: nameCall(call.given || undefined), name: nameTool(call.name), arguments: json }]
    })
  }
}

/** Takes more of a call's arguments; what comes after their end is kept apart. */
function write(call: Call, text: string): void {
  for (let i = 0; i < text.length; i++) {
    if (call.whole) {
      call.after += text.slice(i)
      return
    }
    call.json += text[i]
    call.whole = call.reader.push(text[i]!)
  }
}

/** What can be handed on of a call's arguments: an object as it comes, anything else once it is known what it is. */
function more(call: Call, ends: boolean): string {
  const { json, handed } = call
  if (!json.trimStart().startsWith('{')) {
    if (!ends) return ''
    call.handed = json.length
    // What means no object is as it came: it is for who asked to refuse.
    return objectIn(json) ?? json
  }
  call.handed = json.length
  return json.slice(handed)
}

/** Whether a part begins another call, though it seems to belong to this one. */
function isAnother(call: Call, given: string, name: string): boolean {
  if (given !== '' && call.given !== '' && given !== call.given) return true
  if (name === '' || call.name === '') return false
  if (name === call.name) return call.whole
  return call.json.trim() !== ''
}

/** Arguments are a text, of some engines an object; an empty list is what one of them writes for none. */
function argumentsIn(given: Record<string, unknown>): string {
  const value = given['arguments']
  if (typeof value === 'string') return value
  if (value === undefined || value === null || (Array.isArray(value) && value.length === 0)) return ''
  return JSON.stringify(value)
}
