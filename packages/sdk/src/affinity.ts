import { type Address, type Digest, digestOf, type Question, utf8 } from '@heddle/protocol'
import { type Candidate, type Route, waitOf } from './routing.ts'

/** How many beginnings are remembered, and for how long: engines forget too. */
const MOST = 10_000
const LIFETIME = 600_000
/** Characters of a beginning that tell it from others. */
const LENGTH = 4_096
/** Milliseconds that a remembered beginning is waited for at most. */
const SLACK = 1_000

/**
 * Remembers who answered what began alike, because an engine that has read a beginning before reads it faster, and
 * cheaper. What one key asks is never compared with what another asks.
 */
export class Affinity {
  readonly #last = new Map<Digest, { provider: Address; at: number }>()

  remember(scope: string | null, question: Question, model: string, provider: Address, now: number): void {
    for (const key of keysOf(scope, question, model)) {
      this.#last.delete(key)
      this.#last.set(key, { provider, at: now })
    }
    for (const key of this.#last.keys()) {
      if (this.#last.size <= MOST) break
      this.#last.delete(key)
    }
  }

  /** Who served the longest such beginning last. */
  last(scope: string | null, question: Question, model: string, now: number): Address | undefined {
    for (const key of keysOf(scope, question, model)) {
      const found = this.#last.get(key)
      if (found && now - found.at < LIFETIME) return found.provider
    }
    return undefined
  }
}

/**
 * Puts the provider that knows the beginning first, unless the asker said in which order to ask, or the wait there is
 * much longer, or it would be dearer even where all of the prompt counts as remembered.
 */
export function preferAffine<C extends Candidate>(
  routes: Route<C>[],
  provider: Address | undefined,
  { routing }: Question,
): Route<C>[] {
  const [best] = routes
  if (!best || !provider || routing?.order || routing?.sort) return routes
  const affine = routes.find(
    ({ offer, standing }) =>
      offer.provider === provider &&
      offer.serves.name === best.offer.serves.name &&
      standing.own === best.standing.own &&
      standing.restUntil <= best.standing.restUntil &&
      !standing.down?.has(offer.serves.digest),
  )
  if (!affine || affine === best) return routes
  if (waitOf(affine.standing) > waitOf(best.standing) + SLACK) return routes
  if (affine.remembered > best.cost) return routes
  return [affine, ...routes.filter(one => one !== affine)]
}

/** Whether a question goes on with a conversation: whoever had the turn before knows more than anybody else. */
export const goesOn = ({ spec }: Question): boolean => {
  const { messages } = spec as { messages?: unknown }
  return Array.isArray(messages) && messages.some(one => (one as { role?: unknown }).role === 'assistant')
}

/** The beginnings of a question, the longest first: its messages up to the first of a user; under its tag where it has one. */
function keysOf(scope: string | null, { spec }: Question, model: string): Digest[] {
  const { cache, messages, prompt } = spec as { cache?: unknown; messages?: unknown; prompt?: unknown }
  const key = (kind: string, text: string): Digest => digestOf(utf8(JSON.stringify([scope, model, kind, text])))
  const beginnings = Array.isArray(messages) ? beginningsOf(messages) : []
  if (typeof cache === 'string') {
    // Of a conversation too, so that the next turn stays with it where the tag has moved on.
    const whole = beginnings.slice(0, 1).map(text => key(`tag ${cache}`, text))
    return [...whole, key('tag', cache)]
  }
  if (typeof prompt === 'string') return [key('prompt', prompt.slice(0, LENGTH))]
  return beginnings.map(text => key('messages', text))
}

function beginningsOf(messages: readonly unknown[]): string[] {
  const beginnings: string[] = []
  for (const [i, message] of messages.slice(0, 4).entries()) {
    beginnings.unshift(JSON.stringify(messages.slice(0, i + 1)).slice(0, LENGTH))
    if ((message as { role?: unknown }).role === 'user') break
  }
  return beginnings
}
