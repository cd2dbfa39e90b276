import { createReadStream, existsSync, statSync } from 'node:fs'
import { extname, join } from 'node:path'
import { type Call, type Endpoint, sendJson } from '@heddle/daemon'
import { HeddleError } from '@heddle/protocol'
import type { Access } from '../access.ts'

const TYPES: Partial<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
}

const SECURITY = {
  'content-security-policy': "default-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'",
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cache-control': 'no-cache',
}

const CLOSED = `<!doctype html><html lang="en"><meta charset="utf-8"><title>Heddle</title>
<h1>This page is for the owner of this house</h1>
<p>Open the link that <code>heddle up</code> printed, or have another made with <code>heddle page</code>.</p></html>
`

function sendFile(call: Call, directory: string, name: string): void {
  const file = join(directory, name)
  const type = TYPES[extname(name)]
  if (!type || !/^[a-z][a-z.-]*$/.test(name) || !existsSync(file)) throw new HeddleError('not_found', 'no such page')
  call.response.writeHead(200, { 'content-type': type, 'content-length': statSync(file).size, ...SECURITY })
  createReadStream(file).pipe(call.response)
}

/** The page for its owner; a link's token is traded for a cookie, and taken out of the address. */
function sendPage(call: Call, directory: string, access: Access): void {
  const token = call.query.get('token')
  const cookie = token === null ? undefined : access.open(token, call.request)
  if (cookie) {
    const { pathname } = new URL(call.request.url ?? '/', 'http://localhost')
    call.response.writeHead(303, { location: pathname, 'set-cookie': cookie, ...SECURITY, 'cache-control': 'no-store' })
    return void call.response.end()
  }
  if (access.isOwner(call.request)) sendFile(call, directory, 'index.html')
  else
    call.response
      .writeHead(401, { 'content-type': TYPES['.html'], ...SECURITY, 'cache-control': 'no-store' })
      .end(CLOSED)
}

/** Serves the console's built files: one page for `/` and for every receipt. */
export const consoleEndpoints = (directory: string, access: Access): Endpoint[] => [
  { method: 'GET', path: '/', handle: call => sendPage(call, directory, access) },
  { method: 'GET', path: '/receipts/:id', handle: call => sendPage(call, directory, access) },
  { method: 'GET', path: '/console/:file', handle: call => sendFile(call, directory, call.params['file'] ?? '') },
]

/** Makes a link's token, for the owner. */
export const linkEndpoint = (access: Access): Endpoint => ({
  method: 'POST',
  path: '/heddle/1/admin/links',
  handle(call) {
    access.requireAdmin(call.request)
    sendJson(call.response, 200, { token: access.link() })
  },
})
