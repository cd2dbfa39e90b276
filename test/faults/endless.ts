import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { TestContext } from 'node:test'
import { encodeFrame, utf8 } from '@heddle/protocol'
import type { Stage } from './stage.ts'

const PART = encodeFrame('output', new Uint8Array(65_536).fill(0x77))
const RAISE = encodeFrame(
  'raise',
  utf8(JSON.stringify({ ceiling: '1', used: { prompt: '0', cached: '0', completion: '0' } })),
)
const PARTS = {
  raise: RAISE,
  output: PART,
  alive: encodeFrame('alive', utf8('{"state":"working"}')),
  empty: encodeFrame('output', new Uint8Array(0)),
}

export type Endless = keyof typeof PARTS | 'offers'

/**
 * A provider that means harm: it passes everything on to an honest one, but answers every job with one kind of frame
 * without an end, or lists its own good offer so often that nobody can look at all of them. `sent` counts the bytes that
 * were taken of it.
 */
export async function startEndless(t: TestContext, stage: Stage) {
  const endless = { url: '', mode: undefined as Endless | undefined, sent: 0, jobs: 0 }
  const flood = (response: ServerResponse, part: Uint8Array): void => {
    const more = (): void => {
      while (!response.destroyed && response.write(part)) endless.sent += part.length
    }
    response.writeHead(200, { 'content-type': 'application/vnd.heddle.frames' })
    response.on('drain', more)
    more()
  }
  const server = createServer(async (request, response) => {
    try {
      const chunks: Buffer[] = []
      for await (const chunk of request) chunks.push(chunk as Buffer)
      const { mode } = endless
      if (request.url === '/heddle/1/jobs' && mode && mode !== 'offers') {
        endless.jobs += 1
        return flood(response, PARTS[mode])
      }
      const { authorization } = request.headers
      const answer = await fetch(stage.url + request.url, {
        method: request.method!,
        headers: authorization ? { authorization } : {},
        ...(chunks.length > 0 ? { body: Buffer.concat(chunks) } : {}),
      })
      let text = await answer.text()
      if (mode === 'offers' && request.url!.startsWith('/heddle/1/offers')) {
        const { offers } = JSON.parse(text) as { offers: unknown[] }
        text = JSON.stringify({ offers: Array<unknown>(20_000).fill(offers[0]) })
      }
      response.writeHead(answer.status, { 'content-type': 'application/json' }).end(text)
    } catch {
      response.destroy()
    }
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  t.after(() => {
    server.closeAllConnections()
    server.close()
  })
  endless.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  return endless
}
