import { type Channel, canonical, type Hex, type SignedJob, signedJobText, type Voucher } from '@heddle/protocol'

/** Which voucher lies with a provider, by channel: it has answered under it, so it is not sent again. */
export class LyingVouchers {
  readonly #signatures = new Map<Hex, Hex>()

  /** What is posted of a job. Gives also whether the voucher was left out. */
  postOf(signed: SignedJob, channel: Channel, voucher: Voucher): { body: string; short: boolean } {
    const text = signedJobText(signed)
    if (this.#signatures.get(voucher.channel) === voucher.signature) return { body: text, short: true }
    const body = `${text.slice(0, -1)},"channel":${canonical(channel)},"voucher":${canonical(voucher)}}`
    return { body, short: false }
  }

  /** Remembers that a voucher lies there; without one, that none does. */
  lies(channel: Hex, voucher?: Voucher): void {
    if (voucher) this.#signatures.set(channel, voucher.signature)
    else this.#signatures.delete(channel)
  }
}
