import { type Ledger, readOne } from '@heddle/ledger'
import type { Digest, Hex, Log } from '@heddle/protocol'
import { isRefuted } from './refuse.ts'

type Channel = {
  jobs: Map<Digest, () => void>
  looking: boolean
  tries: number
  /** The next look; none while one goes on. */
  timer: NodeJS.Timeout | undefined
}

/** Milliseconds between two looks for what became of jobs, the first time and later on. */
const PAUSES = [50, 250, 1_000, 2_500, 5_000, 10_000, 30_000] as const
/** Looks after which one that is new is looked for as soon as it would be now. */
const SOON = 2

/**
 * Jobs that ended without their receipt. Their providers are asked what became of them, all of one channel at once, until
 * each is known: what it holds of a key's cap stays held so long, or a receipt that comes late would pass it.
 */
export class Lost {
  readonly #ledger: Ledger
  readonly #log: Log
  readonly #recover: (channel: Hex) => Promise<number>
  readonly #channels = new Map<Hex, Channel>()
  #closed = false

  /**
   * `recover` fetches the receipts of a channel, and lets go of what its provider never charged. Where it throws what
   * {@link isRefuted}, nothing more is paid on that channel, and its jobs hold nothing any more.
   */
  constructor(options: {
    ledger: Ledger
    log: Log
    recover: (channel: Hex) => Promise<number>
  }) {
    this.#ledger = options.ledger
    this.#log = options.log
    this.#recover = options.recover
  }

  /** How many there are. */
  get size(): number {
    let size = 0
    for (const { jobs } of this.#channels.values()) size += jobs.size
    return size
  }

  /** A job whose row is in the ledger as running; `settled` is called once it is known what it cost. */
  add(job: { id: Digest; channel: Hex }, settled: () => void): void {
    const known = this.#channels.get(job.channel)
    const channel: Channel = known ?? { jobs: new Map(), looking: false, tries: 0, timer: undefined }
    this.#channels.set(job.channel, channel)
    channel.jobs.set(job.id, settled)
    if (channel.looking) {
      if (channel.tries <= SOON) return
      channel.tries = SOON
      if (!channel.timer) return
    } else channel.tries = 0
    channel.looking = true
    this.#later(job.channel, channel)
  }

  #later(id: Hex, channel: Channel): void {
    if (this.#closed) return
    clearTimeout(channel.timer)
    channel.timer = setTimeout(
      () => {
        channel.timer = undefined
        void this.#look(id, channel)
      },
      PAUSES[Math.min(channel.tries, PAUSES.length - 1)],
    )
  }

  async #look(id: Hex, channel: Channel): Promise<void> {
    channel.tries += 1
    const asked = [...channel.jobs]
    try {
      await this.#recover(id)
      for (const [job, settled] of asked) {
        if ((await readOne(this.#ledger, 'jobs', { id: job }))?.state === 'running') continue
        channel.jobs.delete(job)
        settled()
      }
    } catch (error) {
      if (isRefuted(error)) {
        for (const [job, settled] of asked) {
          channel.jobs.delete(job)
          settled()
        }
      }
      this.#log.warn('receipts not fetched', { channel: id, jobs: asked.length, error: (error as Error).message })
    }
    if (channel.jobs.size > 0) return this.#later(id, channel)
    channel.looking = false
    this.#channels.delete(id)
  }

  close(): void {
    this.#closed = true
    for (const { timer } of this.#channels.values()) clearTimeout(timer)
  }
}
