import { catalogue } from '@heddle/protocol'
import { type Endpoint, sendJson } from './edge.ts'

/** Where containers, balancers and clients of other servers look, without a key, whether anybody is here. */
const PATHS = ['/health', '/healthz', '/livez', '/readyz', '/v1/health', '/heddle/1/health'] as const

/** A daemon that answers is well: it answers nobody before it is ready. It tells nothing else to whoever has no key. */
export const healthEndpoints = (): Endpoint[] =>
  PATHS.map(path => ({
    method: 'GET',
    path,
    forPages: true,
    handle: ({ response }) => sendJson(response, 200, { status: 'ok' }, { 'cache-control': 'no-store' }),
  }))

/** `GET /errors`: the page that every error's `docs` leads to, each code with its anchor. */
export const errorsEndpoint = (): Endpoint => ({
  method: 'GET',
  path: '/errors',
  forPages: true,
  handle: ({ response }) => {
    const body = errorsPage()
    const headers = {
      'content-type': 'text/html; charset=utf-8',
      'content-length': Buffer.byteLength(body),
      'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
    }
    response.writeHead(200, headers).end(body)
  },
})

function errorsPage(): string {
  const rows = Object.entries(catalogue).map(([code, { status, retryable, fix }]) => {
    const cells = [`<code>${code}</code>`, String(status), retryable ? 'yes' : 'no', textOf(fix)]
    return `<tr id="${code}">${cells.map(cell => `<td>${cell}</td>`).join('')}</tr>`
  })
  const head = ['code', 'HTTP', 'a retry may help', 'what to do'].map(word => `<th>${word}</th>`).join('')
  return `<!doctype html><html lang="en"><meta charset="utf-8"><title>Heddle: errors</title><h1>Errors</h1>
<p>A code never changes its meaning.</p><table><tr>${head}</tr>
${rows.join('\n')}
</table></html>
`
}

const textOf = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
