import { createServer, type IncomingMessage, request as send } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { TestContext } from 'node:test'

/** One request of a client and what it got. */
export type Exchange = {
  method: string
  path: string
  headers: IncomingMessage['headers']
  body: string
  status: number
  answered: IncomingMessage['headers']
  answer: string
}

/**
 * Stands between a client and a gateway, passes everything on byte by byte as it comes, and remembers it: what an
 * unmodified client really sends, and whether anything was refused that its screen does not show.
 */
export async function startTap(t: TestContext, gateway: string) {
  const exchanges: Exchange[] = []
  const target = new URL(gateway)
  const server = createServer((request, response) => {
    const body: Buffer[] = []
    const answer: Buffer[] = []
    const headers = { ...request.headers, host: target.host }
    const { method = 'GET', url: path = '/' } = request
    const passed = send({ host: target.hostname, port: target.port, method, path, headers }, got => {
      response.writeHead(got.statusCode ?? 502, got.headers)
      got.on('data', (piece: Buffer) => answer.push(piece))
      got.pipe(response)
      got.once('end', () =>
        exchanges.push({
          method,
          path,
          headers: request.headers,
          body: Buffer.concat(body).toString(),
          status: got.statusCode ?? 0,
          answered: got.headers,
          answer: Buffer.concat(answer).toString(),
        }),
      )
    })
    passed.once('error', () => response.destroy())
    response.once('close', () => passed.destroy())
    request.on('data', (piece: Buffer) => body.push(piece))
    request.pipe(passed)
  }).listen(0, '127.0.0.1')
  await new Promise(resolve => server.once('listening', resolve))
  t.after(() => {
    server.closeAllConnections()
    server.close()
  })
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, exchanges }
}

/** The exchanges in which a model was asked. */
export const questionsIn = (exchanges: readonly Exchange[]): Exchange[] =>
  exchanges.filter(({ method, path }) => method === 'POST' && !path.includes('count_tokens'))
