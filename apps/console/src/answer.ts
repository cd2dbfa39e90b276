/** What an answer holds beside the text of its first choice: docs/adr/008. Other workloads write text alone. */
type Piece = {
  choice?: number
  text?: string
  reasoning?: string
  toolCall?: { index?: number; name?: string; arguments?: string }
  finish?: string
  stopped?: string
  embedding?: { index?: number; data?: string }
}

/** A part of an answer as a person sees it. */
export type Part =
  | { kind: 'text'; choice: number; text: string }
  | { kind: 'thoughts'; choice: number; text: string }
  | { kind: 'call'; choice: number; name: string; given: string }
  | { kind: 'vector'; index: number; numbers: number }
  | { kind: 'note'; text: string }

const RECORD = '\x1e'

/**
 * Reads a stored answer: its text, and its records as what they are. What is no sound record is shown as the text that
 * it is: a page about doubtful receipts must not fail.
 *
 * @example
 * ```ts
 * // sketch
 * partsOf('Hi\x1e{"finish":"stop","stopped":"."}\n')
 * // [{ kind: 'text', choice: 0, text: 'Hi' }, { kind: 'note', text: 'ended where “.” would have come' }]
 * ```
 */
export function partsOf(answer: string): Part[] {
  const parts: Part[] = []
  for (const piece of piecesOf(answer)) {
    for (const part of partsOfPiece(piece)) if (!join(parts, part)) parts.push(part)
  }
  return parts
}

/** The whole answer in few words, for where there is no room for its parts. */
export const wordsOf = (part: Part): string => {
  if (part.kind === 'call') return `calls ${part.name}(${part.given})`
  if (part.kind === 'vector') return `an embedding of ${part.numbers} numbers`
  return part.text
}

function* piecesOf(answer: string): Generator<Piece> {
  let rest = answer
  while (rest !== '') {
    const start = rest.indexOf(RECORD)
    const end = start < 0 ? -1 : rest.indexOf('\n', start)
    if (end < 0) return yield { text: rest }
    if (start > 0) yield { text: rest.slice(0, start) }
    yield readPiece(rest.slice(start + 1, end)) ?? { text: rest.slice(start, end + 1) }
    rest = rest.slice(end + 1)
  }
}

function readPiece(json: string): Piece | undefined {
  try {
    const value: unknown = JSON.parse(json)
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Piece) : undefined
  } catch {
    return undefined
  }
}

function partsOfPiece({ choice, text, reasoning, toolCall, embedding, stopped }: Piece): Part[] {
  const number = typeof choice === 'number' ? choice : 0
  const parts: Part[] = []
  if (typeof reasoning === 'string') parts.push({ kind: 'thoughts', choice: number, text: reasoning })
  if (typeof text === 'string') parts.push({ kind: 'text', choice: number, text })
  if (toolCall) {
    const { name, arguments: given } = toolCall
    const begins = typeof name === 'string'
    parts.push({ kind: 'call', choice: number, name: begins ? name : '', given: String(given ?? '') })
  }
  // Base64 of 32-bit numbers: four bytes each, of three in four characters.
  if (embedding)
    parts.push({
      kind: 'vector',
      index: Number(embedding.index ?? 0),
      numbers: Math.floor((String(embedding.data ?? '').replace(/=+$/, '').length * 3) / 16),
    })
  if (typeof stopped === 'string') parts.push({ kind: 'note', text: `ended where “${stopped}” would have come` })
  return parts
}

/** Appends to the last part of the same choice and kind; a call that has a name is another one. */
function join(parts: Part[], part: Part): boolean {
  if (part.kind === 'vector' || part.kind === 'note') return false
  if (part.kind === 'call' && part.name !== '') return false
  const before = parts.findLast(one => 'choice' in one && one.choice === part.choice)
  if (before?.kind === 'call' && part.kind === 'call') before.given += part.given
  else if (before?.kind === 'text' && part.kind === 'text') before.text += part.text
  else if (before?.kind === 'thoughts' && part.kind === 'thoughts') before.text += part.text
  else return false
  return true
}
