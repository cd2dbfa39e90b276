import { errorFromJson, HeddleError } from '@heddle/protocol'

/** One call to a daemon of this machine. Throws what it says, or `not_running`. */
export async function call<T>(
  url: string,
  options: { method?: string; body?: unknown; token?: string } = {},
): Promise<T> {
  const response = await fetch(url, {
    method: options.method ?? 'GET',
    ...(options.body === undefined ? {} : { body: JSON.stringify(options.body) }),
    // A connection of its own: one that was kept may have been closed meanwhile, and then it is the daemon that seems to be gone.
    headers: { connection: 'close', ...(options.token ? { authorization: `Bearer ${options.token}` } : {}) },
    signal: AbortSignal.timeout(60_000),
  }).catch(cause => {
    throw new HeddleError('not_running', `nothing answers at ${url}`, { cause })
  })
  const value = (await response.json()) as { error?: unknown }
  if (!response.ok) throw errorFromJson(value.error)
  return value as T
}
