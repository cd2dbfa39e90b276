import { HeddleError } from '@heddle/protocol'
import { type Choice, REST } from './book.ts'

/** Errors after which another provider is asked, as long as nothing was delivered. */
const ELSEWHERE: ReadonlySet<string> = new Set([
  'provider_unreachable',
  'engine_down',
  'engine_slow',
  'engine_refused',
  'engine_malformed',
  'engine_exposed',
  'model_withdrawn',
  'offer_unknown',
  'offer_expired',
  'job_running',
  'job_expired',
  'job_signature',
  'disk_full',
  'ledger_failed',
  'internal',
  'interrupted',
  'chain_down',
  'clock_skewed',
  'busy',
  'rate_limited',
  'body_too_large',
  'cap_reached',
  'cap_held',
  'context_exceeded',
  'unsupported_by_model',
  'channel_underfunded',
  'channel_unknown',
  'channel_overclaimed',
  'voucher_required',
  'voucher_exceeds_deposit',
  'withdrawal_begun',
  'deposit_refused',
  'receipt_mismatch',
  'exposure_exceeded',
])

/**
 * Of those, what passes by itself and nobody who asked can do anything about: how the money stands between this house and
 * a provider. Told as what it is for whoever asked: nobody can be asked now.
 */
const PASSING: ReadonlySet<string> = new Set([
  'channel_underfunded',
  'channel_unknown',
  'channel_overclaimed',
  'voucher_required',
  'voucher_exceeds_deposit',
  'withdrawal_begun',
])

/** What the next try with the same provider mends: it is on another channel, or makes the deposit that is missing. */
const MENDED: ReadonlySet<string> = new Set(['channel_overclaimed', 'channel_underfunded', 'voucher_exceeds_deposit'])

/** The providers that one question may be asked of, and what came of each. */
export type Search = {
  /** Those that are left, the best first; those that said to be busy after all others. */
  ways(): readonly Choice[]
  /** Milliseconds that the question may still wait. */
  left(): number
  /** Milliseconds that it would wait at this one: none while another may have a place at once. */
  waitFor(choice: Choice): number
  /** Takes note of a failure; gives after how many milliseconds to go on. Throws what to tell when nobody is left. */
  failed(choice: Choice, error: HeddleError): number
}

/** Starts a search among these, for so many milliseconds. */
export function startSearch(choices: readonly Choice[], patience: number): Search {
  const until = performance.now() + patience
  const over = new Set<Choice>()
  const busy = new Set<Choice>()
  const again = new Set<Choice>()
  const left = (): number => Math.max(0, until - performance.now())
  const ways = (): Choice[] => {
    const all = choices.filter(one => !over.has(one))
    return [...all.filter(one => !busy.has(one)), ...all.filter(one => busy.has(one))]
  }
  const waits = (choice: Choice): boolean => ways().every(one => one === choice || busy.has(one))
  return {
    ways,
    left,
    waitFor: choice => (waits(choice) ? left() : 0),
    failed(choice, error) {
      if (!ELSEWHERE.has(error.code)) throw error
      if (error.code === 'busy') {
        const waited = waits(choice)
        busy.add(choice)
        if (!waited) return 0
        const seconds = error.toJSON().retryAfter ?? 1
        if (seconds * 1_000 >= left()) throw told(error)
        return seconds * 1_000
      }
      if (MENDED.has(error.code) && !again.has(choice)) again.add(choice)
      else over.add(choice)
      if (ways().length === 0) throw told(error)
      return 0
    },
  }
}

/** An error as whoever asked is told it: where a retry helps, after how many seconds. */
function told(error: HeddleError): HeddleError {
  const { code, message } = error
  const about = error.toJSON()
  const { retryAfter = Math.ceil(REST / 1_000) } = about
  if (PASSING.has(code)) return new HeddleError('no_provider', message, { cause: { retryAfter } })
  if (!error.retryable) return error
  const { param, feature } = about
  const cause = { ...(param ? { param } : {}), ...(feature ? { feature } : {}), retryAfter }
  return new HeddleError(code, message, { cause })
}
