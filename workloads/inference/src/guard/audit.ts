import type { Log } from '@heddle/protocol'

/** What is refused, by the rule that refuses it. Never what was asked or answered. */
export type Refusal = {
  /** The rule, e.g. `image`, `usage`, `overrun`, `digest`, `exposed`. */
  rule: string
  /** A code of the error catalogue, where the refusal became one. */
  code?: string
  /** The job's id: its channel stands in the ledger beside it. */
  job?: string
  /** The engine or the model that it is about. */
  about?: string
}

/** Hears every refusal: one line of the log each, and a count a rule. */
export type Audit = {
  refused(refusal: Refusal): void
  /** How often each rule refused, since the start. */
  counts(): Readonly<Record<string, number>>
}

/**
 * An audit over a log of JSON lines, which is only ever appended to.
 *
 * @example
 * ```ts
 * // sketch
 * const audit = startAudit(log)
 * audit.refused({ rule: 'image', code: 'bad_request', job: id })
 * audit.counts() // { image: 1 }
 * ```
 */
export function startAudit(log: Log): Audit {
  const counts = new Map<string, number>()
  return {
    refused(refusal) {
      counts.set(refusal.rule, (counts.get(refusal.rule) ?? 0) + 1)
      log.warn('refused', { ...refusal })
    },
    counts: () => Object.fromEntries(counts),
  }
}
