import type { TestContext } from 'node:test'
import type { Stream } from '@heddle/link'
import { encodeMessage, fromUtf8, utf8 } from '@heddle/protocol'
import { startBetween } from '../link/between.ts'
import type { Stage } from './stage.ts'

const PARTS = {
  raise: encodeMessage(
    'raise',
    utf8(JSON.stringify({ ceiling: '1', used: { prompt: '0', cached: '0', completion: '0' } })),
  ),
  output: encodeMessage('output', new Uint8Array(65_535).fill(0x77)),
  alive: encodeMessage('alive', utf8('{"state":"working"}')),
  empty: encodeMessage('output', new Uint8Array(0)),
}

export type Endless = keyof typeof PARTS | 'offers'

/**
 * A provider that means harm: it passes everything on to an honest one, but answers every job with one kind of message
 * without an end, or lists its own good offer so often that nobody can look at all of them. `sent` counts the bytes that
 * were taken of it.
 */
export async function startEndless(t: TestContext, stage: Stage) {
  const endless = { url: '', mode: undefined as Endless | undefined, sent: 0, jobs: 0 }
  const flood = async (stream: Stream, part: Uint8Array): Promise<void> => {
    endless.jobs += 1
    try {
      for (;;) {
        stream.send(part)
        await stream.ready()
        endless.sent += part.length
      }
    } catch {
      // The other side has had enough.
    }
  }
  endless.url = await startBetween(t, stage, {
    instead(call, stream) {
      const { mode } = endless
      if (call !== 'job' || !mode || mode === 'offers') return false
      void flood(stream, PARTS[mode])
      return true
    },
    tell(call, message) {
      if (call !== 'offers' || endless.mode !== 'offers') return [message]
      const { offers } = JSON.parse(fromUtf8(message.payload)) as { offers: unknown[] }
      return [{ ...message, payload: utf8(JSON.stringify({ offers: Array<unknown>(20_000).fill(offers[0]) })) }]
    },
  })
  return endless
}
