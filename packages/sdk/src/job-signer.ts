import { type Domain, type JobRequest, type SignedJob, type Signer, signJobs } from '@heddle/protocol'

type Waiting = { job: JobRequest; resolve(signed: SignedJob): void; reject(error: unknown): void }

/** Jobs that one signature may cover: a path of six places. */
const MOST = 64

/**
 * Signs what is asked in one turn of the event loop with one signature: a lone question is signed by itself, a busy
 * gateway's are signed by the dozen. Nothing waits longer than the turn.
 */
export class JobSigner {
  readonly #authorizer: Signer
  readonly #domain: Domain
  #waiting: Waiting[] = []
  #signatures = 0

  constructor(options: { domain: Domain; authorizer: Signer }) {
    this.#domain = options.domain
    this.#authorizer = options.authorizer
  }

  sign(job: JobRequest): Promise<SignedJob> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ job, resolve, reject })
      if (this.#waiting.length === 1) setImmediate(() => this.#flush())
      if (this.#waiting.length >= MOST) this.#flush()
    })
  }

  /** Signatures made so far. */
  signatures(): number {
    return this.#signatures
  }

  #flush(): void {
    const batch = this.#waiting
    this.#waiting = []
    if (batch.length === 0) return
    try {
      const jobs = batch.map(one => one.job)
      this.#signatures += 1
      const signed = signJobs(this.#domain, jobs, this.#authorizer)
      for (const [i, one] of batch.entries()) one.resolve(signed[i]!)
    } catch (error) {
      for (const one of batch) one.reject(error)
    }
  }
}
