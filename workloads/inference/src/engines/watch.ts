import { type HeddleError, isHeddleError, type Log, toHeddleError } from '@heddle/protocol'
import type { Audit } from '../guard/audit.ts'
import type { Adapter, EngineFacts } from './adapter.ts'
import type { EngineAddress } from './address.ts'
import type { Catalogue } from './catalogue.ts'
import { assertNotExposed } from './exposure.ts'
import type { EngineHttp } from './http.ts'
import type { EnginePatience } from './settings.ts'

/** Looks at an engine again and again: whether it works, what it has, and who else can reach it. */
export type Watch = {
  facts(): EngineFacts | undefined
  /** Why the engine is not used now, or nothing. */
  down(): string
  restarts(): number
  /** A look that is no older than `freshMs`. Throws what is wrong now. */
  fresh(): Promise<void>
  stop(): Promise<void>
}

const MAX_BACKOFF_MS = 60_000

/** Starts looking. The first look decides: what it throws, this throws. */
export async function watchEngine(options: {
  adapter: Adapter
  http: EngineHttp
  address: EngineAddress
  catalogue: Catalogue
  patience: EnginePatience
  audit: Audit
  log: Log
  /** Whether a job runs in the engine now. */
  working(): boolean
}): Promise<Watch> {
  const { adapter, http, address, catalogue, patience, audit, log, working } = options
  let facts: EngineFacts | undefined
  let down = ''
  let restarts = 0
  let failures = 0
  let lookedAt = Number.NEGATIVE_INFINITY
  let looking: Promise<void> | undefined
  let timer: NodeJS.Timeout | undefined
  let stopped = false

  async function look(): Promise<void> {
    try {
      if (address.loopback) await assertNotExposed(adapter.kind, address.port)
      facts = await adapter.describe(http, facts?.models ?? [], log)
      catalogue.update(facts.models)
      if (down !== '') {
        restarts++
        log.info('engine_up', { engine: adapter.kind, restarts })
      }
      down = ''
      failures = 0
      lookedAt = performance.now()
    } catch (thrown) {
      const error = toHeddleError(thrown)
      failures++
      lookedAt = Number.NEGATIVE_INFINITY
      if (down !== error.message) {
        log.warn('engine_down', { engine: adapter.kind, code: error.code, reason: error.message, ...causeOf(error) })
        if (isHeddleError(error, 'engine_exposed'))
          audit.refused({ rule: 'exposed', code: error.code, about: adapter.kind })
      }
      down = error.message
      throw error
    }
  }
  /** One look at a time, whoever asks. */
  const lookOnce = (): Promise<void> => {
    looking ??= look().finally(() => {
      looking = undefined
    })
    return looking
  }
  /** Some engines end the answer that they are at for whoever asks anything else: they are let alone. */
  const isLetAlone = (): boolean => facts?.shy === true && down === '' && working()
  function later(): void {
    if (stopped) return
    const wait = failures === 0 ? patience.pollMs : Math.min(250 * 2 ** Math.min(failures, 10), MAX_BACKOFF_MS)
    timer = setTimeout(
      () => {
        if (isLetAlone()) later()
        else lookOnce().then(later, later)
      },
      Math.min(wait, Math.max(patience.pollMs, 250)),
    )
    timer.unref()
  }

  await lookOnce()
  later()
  return {
    facts: () => facts,
    down: () => down,
    restarts: () => restarts,
    fresh: () => (performance.now() - lookedAt <= patience.freshMs || isLetAlone() ? Promise.resolve() : lookOnce()),
    async stop() {
      stopped = true
      clearTimeout(timer)
      await looking?.catch(() => undefined)
    },
  }
}

/** What lies behind it, for the log alone: it names addresses. */
const causeOf = ({ cause }: HeddleError): { cause?: string } =>
  cause instanceof Error ? { cause: cause.message.slice(0, 200) } : {}
