/** What this machine is called by itself. */
const LOOPBACK = ['localhost', '127.0.0.1', '::1'] as const

const PROXIES = ['HTTP_PROXY', 'http_proxy', 'HTTPS_PROXY', 'https_proxy', 'ALL_PROXY', 'all_proxy'] as const

/**
 * Variables that keep what is on this machine from going through a proxy; none where no proxy is set. Python's clients,
 * and Node's with NODE_USE_ENV_PROXY, send even 127.0.0.1 there unless NO_PROXY names it.
 */
export function directToLoopback(environment: Readonly<Record<string, string | undefined>>): Record<string, string> {
  if (!PROXIES.some(name => environment[name])) return {}
  const known = (environment['NO_PROXY'] ?? environment['no_proxy'] ?? '').split(/[\s,]+/).filter(one => one !== '')
  const all = [...known, ...LOOPBACK.filter(one => !known.includes(one))].join(',')
  return { NO_PROXY: all, no_proxy: all }
}
