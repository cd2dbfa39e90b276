import type { TestContext } from 'node:test'
import { findInstalled, type Installed } from './cache.ts'
import { install } from './install.ts'
import { pinOf } from './pins.ts'

/**
 * The client that a test is about, or nothing: then the test is skipped, and says why. What is quickly fetched is
 * fetched here; the rest comes with `node test/clients/installed/install.ts`.
 */
export async function needed(t: TestContext, name: string): Promise<Installed | undefined> {
  const { client, version, quick } = pinOf(name)
  const found = findInstalled(name)
  if (found) return found
  const reason = quick
    ? await install(name).catch((error: Error) => error.message)
    : `not in the cache: node test/clients/installed/install.ts ${name}`
  if (typeof reason !== 'string') return reason
  t.skip(`${client} ${version} is not tried: ${reason}`)
  return undefined
}
