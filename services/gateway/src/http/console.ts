import { createReadStream, existsSync, statSync } from 'node:fs'
import { extname, join } from 'node:path'
import type { Call, Endpoint } from '@heddle/daemon'
import { HeddleError } from '@heddle/protocol'

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

function sendFile(call: Call, directory: string, name: string): void {
  const file = join(directory, name)
  const type = TYPES[extname(name)]
  if (!type || !/^[a-z][a-z.-]*$/.test(name) || !existsSync(file)) throw new HeddleError('not_found', 'no such page')
  call.response.writeHead(200, { 'content-type': type, 'content-length': statSync(file).size, ...SECURITY })
  createReadStream(file).pipe(call.response)
}

/** Serves the console's built files: one page for `/` and for every receipt. */
export const consoleEndpoints = (directory: string): Endpoint[] => [
  { method: 'GET', path: '/', handle: call => sendFile(call, directory, 'index.html') },
  { method: 'GET', path: '/receipts/:id', handle: call => sendFile(call, directory, 'index.html') },
  { method: 'GET', path: '/console/:file', handle: call => sendFile(call, directory, call.params['file'] ?? '') },
]
