import type { Budget } from '../../schema/budget.ts'
import { either, literal, type Rules } from './rules.ts'

const FEW = 8

/** One of these texts. Many of them share their beginnings, so that few stay possible at any place. */
export function literals(texts: readonly string[], rules: Rules, budget: Budget): string {
  const all = [...new Set(texts)]
  if (all.length <= FEW) return either(all.map(literal))
  return branch(
    all.toSorted().map(text => [...text]),
    rules,
    budget,
  )
}

function branch(texts: readonly (readonly string[])[], rules: Rules, budget: Budget): string {
  // Each looks at all that is left of its texts.
  budget.spend(texts.reduce((sum, text) => sum + text.length, texts.length) / 50)
  const groups = Map.groupBy(texts, ([first]) => first)
  const ways = [...groups].map(([first, group]) => {
    if (first === undefined) return '""'
    const shared = sharedIn(group)
    const rest = group.map(text => text.slice(shared))
    const head = literal(group[0]!.slice(0, shared).join(''))
    return rest.length === 1 && rest[0]!.length === 0 ? head : `${head} ${rules.define(branch(rest, rules, budget))}`
  })
  return either(ways)
}

function sharedIn(texts: readonly (readonly string[])[]): number {
  const [first = [], ...others] = texts
  let length = first.length
  for (const text of others) {
    let i = 0
    while (i < length && text[i] === first[i]) i++
    length = i
  }
  return length
}
