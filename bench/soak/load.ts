import { Agent, request } from 'node:http'

/** How one request ended. */
export type Ending =
  | { kind: 'answered'; milliseconds: number }
  | { kind: 'hung up' }
  | { kind: 'refused'; status: number; code: string; retryAfter: boolean }
  | { kind: 'broken'; why: string }

export type Soaking = { url: string; apiKey: string; model: string; connections: number; hangUps: number }

/**
 * Asks for short answers over so many connections until `over`, every other one as a stream; of a share of them the asker
 * hangs up: before the first byte, or in the middle. Who is told to wait does so, a little less long than it was told.
 */
export async function soak(load: Soaking, over: () => boolean, onEnd: (ending: Ending) => void): Promise<void> {
  const agent = new Agent({ keepAlive: true, maxSockets: load.connections })
  const client = async (): Promise<void> => {
    while (!over()) {
      const ending = await ask(load, agent)
      onEnd(ending)
      if (ending.kind === 'refused') await new Promise(resolve => setTimeout(resolve, 200))
    }
  }
  await Promise.all(Array.from({ length: load.connections }, client))
  agent.destroy()
}

/** Milliseconds within which those hang up that do so before the first byte. */
const EARLY = 300

function ask({ url, apiKey, model, hangUps }: Soaking, agent: Agent): Promise<Ending> {
  const stream = Math.random() < 0.5
  const leaves = Math.random() < hangUps
  const early = leaves && Math.random() < 0.5
  const body = JSON.stringify({
    model,
    messages: [{ role: 'user', content: `q${Math.random()}` }],
    max_tokens: 4 + Math.floor(Math.random() * 40),
    stream,
  })
  const started = performance.now()
  return new Promise(resolve => {
    let left = false
    const outgoing = request(
      `${url}/v1/chat/completions`,
      {
        method: 'POST',
        agent,
        headers: {
          authorization: `Bearer ${apiKey}`,
          'content-type': 'application/json',
          'content-length': Buffer.byteLength(body),
        },
      },
      response => {
        let text = ''
        response.setEncoding('utf8').on('data', (piece: string) => {
          text += piece
          if (leaves) leave()
        })
        response.on('end', () => resolve(endingOf(response, text, stream, performance.now() - started)))
        response.on('error', error => resolve(left ? { kind: 'hung up' } : { kind: 'broken', why: error.message }))
      },
    )
    function leave(): void {
      left = true
      outgoing.destroy()
      resolve({ kind: 'hung up' })
    }
    outgoing.on('error', error => resolve(left ? { kind: 'hung up' } : { kind: 'broken', why: error.message }))
    if (early) setTimeout(leave, Math.random() * EARLY)
    outgoing.end(body)
  })
}

function endingOf(
  { statusCode = 0, headers }: { statusCode?: number; headers: NodeJS.Dict<string | string[]> },
  text: string,
  stream: boolean,
  milliseconds: number,
): Ending {
  if (statusCode !== 200) {
    const code = /"code":"(\w+)"/.exec(text)?.[1] ?? ''
    return { kind: 'refused', status: statusCode, code, retryAfter: headers['retry-after'] !== undefined }
  }
  if (stream && !text.includes('[DONE]')) return { kind: 'broken', why: text.slice(-200) }
  return { kind: 'answered', milliseconds }
}
