import { type Budget, startBudget } from './budget.ts'
import { type Characters, complement, intersection, setOf, union } from './characters.ts'
import { unicodeClass } from './unicode.ts'

/** What texts a regular expression matches, as a tree. */
export type Pattern =
  | { kind: 'one'; of: Characters }
  | { kind: 'all'; parts: readonly Pattern[] }
  | { kind: 'either'; options: readonly Pattern[] }
  | { kind: 'repeat'; body: Pattern; min: number; max: number }

/** A condition on a whole text: that it matches, or that it does not. */
export type Condition = { pattern: Pattern; not: boolean }

/** Why a regular expression is not read here; in words that go after its name. */
export class PatternRefused extends Error {}

const MAX_LENGTH = 4_096
const MAX_NESTING = 32
const MAX_TIMES = 4_096

const EMPTY: Pattern = { kind: 'all', parts: [] }
const ANY: Pattern = {
  kind: 'repeat',
  body: { kind: 'one', of: complement([]) },
  min: 0,
  max: Number.POSITIVE_INFINITY,
}
const DIGIT = setOf('0123456789')
const WORD = union(setOf('_'), DIGIT, [[0x41, 0x5a]], [[0x61, 0x7a]])
const SPACE = union(setOf('\t\n\v\f\r \u00a0\u1680\u2028\u2029\u202f\u205f\u3000\ufeff'), [[0x2000, 0x200a]])
const LINE_ENDS = setOf('\n\r\u2028\u2029')
const CLASSES: Readonly<Record<string, Characters>> = {
  d: DIGIT,
  D: complement(DIGIT),
  w: WORD,
  W: complement(WORD),
  s: SPACE,
  S: complement(SPACE),
}
const CONTROLS: Readonly<Record<string, string>> = { t: '\t', n: '\n', v: '\v', f: '\f', r: '\r', 0: '\0' }
/** As far as \p{…} is understood: above it nothing is in such a class, nor in one without it. */
const PLANE: Characters = [[0, 0xffff]]

/** What is in none of a class of Unicode: found once for each. */
const outside = new Map<Characters, Characters>()

type Edge = { kind: 'edge'; of: '^' | '$' }
type Look = { kind: 'look'; body: Tree; not: boolean }
type Tree = Pattern | Edge | Look | { kind: 'all'; parts: Tree[] } | { kind: 'either'; options: Tree[] }

/**
 * Reads a regular expression as JSON Schema uses it (ECMA-262 with `u`, matching anywhere unless it is anchored) into
 * conditions that must all hold for a whole text. Understood are characters, classes, groups, alternatives, quantifiers,
 * `^` and `$` at the ends, and looking ahead at the beginning. Throws `PatternRefused` for everything else, and
 * `Exhausted`.
 *
 * @example
 * ```ts
 * // sketch
 * readPattern('^[a-z]+$') // [{ pattern: { kind: 'repeat', … }, not: false }]
 * ```
 */
export function readPattern(source: string, budget: Budget = startBudget()): Condition[] {
  if (source.length > MAX_LENGTH) throw new PatternRefused(`is longer than ${MAX_LENGTH} characters`)
  budget.spend(source.length * 2)
  const conditions = conditionsOf(startParser(source, budget)())
  // Such classes are read narrower than they are; what must not match would then be too little.
  if (/\\[pP]/.test(source) && conditions.some(({ not }) => not))
    throw new PatternRefused('has a class of Unicode beside what must not follow')
  return conditions
}

function startParser(source: string, budget: Budget): () => Tree {
  const text = [...source]
  /** A class that is written twice is one, wherever it is asked which of them hold a character. */
  const known = new Map<string, Characters>()
  let at = 0
  let nesting = 0
  const refuse = (why: string): never => {
    throw new PatternRefused(why)
  }
  const takes = (word: string): boolean => {
    if (text.slice(at, at + word.length).join('') !== word) return false
    at += word.length
    return true
  }

  function either(): Tree {
    const options = [sequence()]
    while (takes('|')) options.push(sequence())
    return options.length === 1 ? options[0]! : { kind: 'either', options }
  }

  function sequence(): Tree {
    const parts: Tree[] = []
    while (at < text.length && text[at] !== '|' && text[at] !== ')') parts.push(quantified())
    return parts.length === 1 ? parts[0]! : { kind: 'all', parts }
  }

  function quantified(): Tree {
    const body = atom()
    const times = quantifier()
    if (!times) return body
    if (body.kind === 'edge' || body.kind === 'look' || !isPattern(body))
      return refuse('repeats an anchor or what looks around')
    takes('?') // which of several matches is taken makes no difference to whether there is one
    if (quantifier()) return refuse('has two quantifiers after each other')
    return { kind: 'repeat', body, ...times }
  }

  function quantifier(): { min: number; max: number } | undefined {
    if (takes('*')) return { min: 0, max: Number.POSITIVE_INFINITY }
    if (takes('+')) return { min: 1, max: Number.POSITIVE_INFINITY }
    if (takes('?')) return { min: 0, max: 1 }
    const counts = /^\{(\d{1,6})(,(\d{0,6}))?\}/.exec(text.slice(at, at + 17).join(''))
    if (!counts) return undefined
    at += counts[0].length
    const min = Number(counts[1])
    const max = counts[2] === undefined ? min : counts[3] === '' ? Number.POSITIVE_INFINITY : Number(counts[3])
    if (max < min) return refuse('has a quantifier out of order')
    if (min > MAX_TIMES || (max !== Number.POSITIVE_INFINITY && max > MAX_TIMES))
      return refuse(`repeats more than ${MAX_TIMES} times`)
    return { min, max }
  }

  function atom(): Tree {
    const one = text[at++]!
    if (one === '^' || one === '$') return { kind: 'edge', of: one }
    if (one === '.') return { kind: 'one', of: complement(LINE_ENDS) }
    if (one === '[') return { kind: 'one', of: set() }
    if (one === '(') return group()
    if (one === '\\') return { kind: 'one', of: escaped(false) }
    if ('*+?'.includes(one)) return refuse('has a quantifier with nothing before it')
    // Alone it stands for itself, in Python too.
    if (one === '{' && /^\d{1,6}(,\d{0,6})?\}/.test(text.slice(at, at + 16).join('')))
      return refuse('has a quantifier with nothing before it')
    const of = known.get(one) ?? setOf(one)
    known.set(one, of)
    return { kind: 'one', of }
  }

  function group(): Tree {
    if (++nesting > MAX_NESTING) return refuse(`nests more than ${MAX_NESTING} groups`)
    let look: { not: boolean } | undefined
    if (takes('?=')) look = { not: false }
    else if (takes('?!')) look = { not: true }
    else if (takes('?<=') || takes('?<!')) return refuse('looks behind')
    else if (takes('?<')) {
      while (at < text.length && /[A-Za-z0-9_$]/.test(text[at]!)) at++
      if (!takes('>')) return refuse('has a name of a group that does not end')
    } else if (!takes('?:') && text[at] === '?') return refuse('has a group with flags')
    const body = either()
    if (!takes(')')) return refuse('has a group that does not end')
    nesting--
    return look ? { kind: 'look', body, ...look } : body
  }

  function set(): Characters {
    const begin = at
    const not = takes('^')
    const sets: Characters[] = []
    let narrow = false
    while (text[at] !== ']') {
      if (at >= text.length) return refuse('has a class that does not end')
      narrow ||= text[at] === '\\' && /[pP]/.test(text[at + 1] ?? '')
      const from = member()
      if (text[at] !== '-' || text[at + 1] === ']') {
        sets.push(from)
        continue
      }
      at++
      if (at >= text.length) return refuse('has a class that does not end')
      const to = member()
      const [[first, same] = [0, -1], [last, also] = [0, -1]] = [from[0], to[0]]
      if (first !== same || last !== also || from.length !== 1 || to.length !== 1 || last < first)
        return refuse('has a range that is none')
      sets.push([[first, last]])
    }
    at++
    const key = text.slice(begin - 1, at).join('')
    const same = known.get(key)
    if (same) return same
    budget.spend(sets.reduce((sum, one) => sum + one.length, 0) / 5)
    const all = union(...sets)
    const found = not ? (narrow ? intersection(PLANE, complement(all)) : complement(all)) : all
    known.set(key, found)
    return found
  }

  const member = (): Characters => {
    const one = text[at++]!
    return one === '\\' ? escaped(true) : setOf(one)
  }

  function escaped(inSet: boolean): Characters {
    const one = text[at++]
    if (one === undefined) return refuse('ends in a backslash')
    if (CLASSES[one]) return CLASSES[one]
    if (one === 'b' && inSet) return setOf('\b')
    if (/[bB]/.test(one)) return refuse('looks at edges of words')
    if (/[1-9k]/.test(one)) return refuse('refers back to a group')
    if (one === 'p' || one === 'P') return property(one === 'P')
    if (one === 'x') return point(/^([0-9A-Fa-f]{2})/)
    if (one === 'u') return point(text[at] === '{' ? /^\{([0-9A-Fa-f]{1,6})\}/ : /^([0-9A-Fa-f]{4})/)
    if (one === 'c') return refuse('names a control character')
    if (Object.hasOwn(CONTROLS, one)) return setOf(CONTROLS[one]!)
    // Python escapes more than ECMA-262 would let stand: every sign stands for itself.
    if (/[A-Za-z0-9]/.test(one)) return refuse(`has an unknown escape \\${one}`)
    return setOf(one)
  }

  function point(form: RegExp): Characters {
    const [whole, hex] = form.exec(text.slice(at, at + 8).join('')) ?? []
    if (!whole || !hex) return refuse('has an escape that is none')
    at += whole.length
    const code = Number.parseInt(hex, 16)
    if (code > 0x10ffff) return refuse('has an escape that is none')
    return [[code, code]]
  }

  function property(not: boolean): Characters {
    const [whole, name] = /^\{([A-Za-z_]{1,32}(?:=[A-Za-z_]{1,32})?)\}/.exec(text.slice(at, at + 70).join('')) ?? []
    const found = name && unicodeClass(name)
    if (!whole || !found) return refuse('has an unknown class of characters')
    at += whole.length
    if (!not) return found
    const rest = outside.get(found) ?? intersection(PLANE, complement(found))
    outside.set(found, rest)
    return rest
  }

  return () => {
    const tree = either()
    return at < text.length ? refuse('has a group that was not begun') : tree
  }
}

const isPattern = (tree: Tree): tree is Pattern => {
  if (tree.kind === 'edge' || tree.kind === 'look') return false
  if (tree.kind === 'all') return tree.parts.every(isPattern)
  return tree.kind !== 'either' || tree.options.every(isPattern)
}

function pure(tree: Tree): Pattern {
  if (isPattern(tree)) return tree
  throw new PatternRefused('has an anchor, or looks ahead, elsewhere than at its ends')
}

/** Each alternative is anchored for itself; what looks ahead at the beginning of the only one is a condition of its own. */
function conditionsOf(tree: Tree): Condition[] {
  if (tree.kind === 'either') return [{ pattern: { kind: 'either', options: tree.options.map(wholeOf) }, not: false }]
  if (tree.kind !== 'all') return [{ pattern: wholeOf(tree), not: false }]
  const parts: readonly Tree[] = tree.parts
  const anchored = isEdge(parts[0], '^')
  const first = anchored ? 1 : 0
  const looks: Look[] = []
  for (const part of parts.slice(first)) {
    if (part.kind !== 'look') break
    looks.push(part)
  }
  if (looks.length > 0 && !anchored) throw new PatternRefused('looks ahead without being anchored')
  const rest: Tree = { kind: 'all', parts: [...parts.slice(0, first), ...parts.slice(first + looks.length)] }
  return [...looks.map(({ body, not }) => ({ pattern: aheadOf(body), not })), { pattern: wholeOf(rest), not: false }]
}

const isEdge = (tree: Tree | undefined, of: '^' | '$'): boolean => tree?.kind === 'edge' && tree.of === of

/** The whole texts in which a tree matches somewhere, or at the ends that it names. */
function wholeOf(tree: Tree): Pattern {
  if (tree.kind === 'either') return { kind: 'either', options: tree.options.map(wholeOf) }
  const parts: readonly Tree[] = tree.kind === 'all' ? tree.parts : [tree]
  const from = isEdge(parts[0], '^') ? 1 : 0
  const to = parts.length > from && isEdge(parts.at(-1), '$') ? parts.length - 1 : parts.length
  const body = parts.slice(from, to)
  const [only] = body
  // A group around all of it may hold the anchors.
  if (body.length === 1 && only && !isPattern(only) && from === 0 && to === parts.length && parts.length === 1)
    return only.kind === 'either' || only.kind === 'all' ? wholeOf(only) : onlyEdge(only)
  return {
    kind: 'all',
    parts: [...(from === 1 ? [] : [ANY]), ...body.map(pure), ...(to < parts.length ? [] : [ANY])],
  }
}

/** A pattern that is nothing but one anchor: every text has a beginning and an end. */
function onlyEdge(tree: Tree): Pattern {
  return tree.kind === 'edge' ? ANY : pure(tree)
}

/** The whole texts that begin with what is looked for. */
function aheadOf(tree: Tree): Pattern {
  if (tree.kind === 'either') return { kind: 'either', options: tree.options.map(aheadOf) }
  const parts: readonly Tree[] = tree.kind === 'all' ? tree.parts : [tree]
  const ends = isEdge(parts.at(-1), '$')
  const body = (ends ? parts.slice(0, -1) : parts).map(pure)
  return { kind: 'all', parts: [...body, ends ? EMPTY : ANY] }
}
