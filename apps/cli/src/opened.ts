import { type Opened, readOpened } from '@heddle/sdk'
import { call } from './call.ts'
import { digestOf } from './command-line/values.ts'
import { running } from './home/index.ts'

/** A receipt of this house, opened by its gateway and held against itself. Throws `usage_wrong`, `not_found`. */
export async function openReceipt(home: string, id: string): Promise<Opened> {
  const receipt = digestOf('RECEIPT', id)
  const run = running(home)
  return readOpened(await call(`${run.gateway.url}/heddle/1/receipts/${receipt}/evidence`, { token: run.adminToken }))
}
