import { call } from './call.ts'
import type { RunFile } from './home/index.ts'

/** A link that opens a page of the gateway once, for its owner. Good for ten minutes. */
export async function pageLink({ gateway, adminToken }: RunFile, path = '/'): Promise<string> {
  const url = `${gateway.url}/heddle/1/admin/links`
  const { token } = await call<{ token: string }>(url, { method: 'POST', token: adminToken })
  return `${gateway.publicUrl ?? gateway.url}${path}?token=${token}`
}
