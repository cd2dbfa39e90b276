import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Serving } from './running.ts'

/** A port of this machine that nothing listens at. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await new Promise(resolve => server.once('listening', resolve))
  const { port } = server.address() as AddressInfo
  await new Promise(resolve => server.close(resolve))
  return port
}

/** Looks again until `look` gives something; gives up, with what it saw last, when the program has ended. */
export async function until<T>(serving: Serving, look: () => Promise<T | undefined>): Promise<T> {
  let last: unknown
  while (serving.isRunning()) {
    const found = await look().catch(error => {
      last = error
      return undefined
    })
    if (found !== undefined) return found
    await sleep(200)
  }
  throw new Error(`it ended: ${serving.said().slice(-2_000)}`, { cause: last })
}

/** Calls an API with JSON. */
export async function callJson<T>(url: string, token: string, body?: object): Promise<T> {
  const response = await fetch(url, {
    ...(body ? { method: 'POST', body: JSON.stringify(body) } : {}),
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
  })
  const text = await response.text()
  if (!response.ok) throw new Error(`${url} answered ${response.status}: ${text.slice(0, 600)}`)
  return JSON.parse(text) as T
}
