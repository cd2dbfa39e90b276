import type { Row } from '@heddle/ledger'
import type { Channel, Hex } from '@heddle/protocol'
import { type Waiting, wake } from '../waiting.ts'
import type { Rail } from '../x402/rail.ts'

/** A channel from the paid side, in memory. */
export type Account = {
  row: Row<'channels'>
  readonly channel: Channel
  rail: Rail
  /** The ceiling that is on disk: work is done under no other. */
  durableCeiling: bigint
  reserved: bigint
  /** What running jobs wait for beyond what is reserved: no new job is let in before them. */
  wanted: bigint
  readonly waiting: Waiting
}

/** A job's hold on a channel. `amount` counts towards charged + reserved ≤ ceiling. */
export type Reservation = { readonly channel: Hex; amount: bigint; readonly account: unknown }

export const accountOf = (row: Row<'channels'>, rail: Rail): Account => ({
  row,
  rail,
  channel: JSON.parse(row.config) as Channel,
  durableCeiling: row.ceiling,
  reserved: 0n,
  wanted: 0n,
  waiting: new Set(),
})

/** Changes what a reservation holds. */
export function hold(account: Account, reservation: Reservation, amount: bigint): void {
  account.reserved += amount - reservation.amount
  reservation.amount = amount
}

/** Room that a job gives back is for those that wait. */
export function free(account: Account, reservation: Reservation): void {
  hold(account, reservation, 0n)
  wake(account.waiting)
}

/** Whether nothing was ever signed on a channel, by either side. */
export const isBlank = (row: Readonly<Row<'channels'>>): boolean =>
  row.ceiling === 0n && row.signature === '' && row.sequence === 0

/** Whether nothing was done on a channel yet, nor is. */
export const isUnused = ({ row, reserved }: Account): boolean => isBlank(row) && reserved === 0n
