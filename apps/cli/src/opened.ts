import { HeddleError } from '@heddle/protocol'
import { type Opened, readOpened } from '@heddle/sdk'
import { call } from './call.ts'
import { running } from './home/index.ts'

/** A receipt of this house, opened by its gateway and held against itself. Throws `bad_request`, `not_found`. */
export async function openReceipt(home: string, id: string): Promise<Opened> {
  if (!/^0x[0-9a-f]{64}$/.test(id)) throw new HeddleError('bad_request', 'a receipt id: 0x and 64 hexadecimal digits')
  const run = running(home)
  return readOpened(await call(`${run.gateway.url}/heddle/1/receipts/${id}/evidence`, { token: run.adminToken }))
}
