import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type Door, HeddleError } from '@heddle/protocol'
import { anthropicDoor, openAiDoor } from '../../door.ts'
import { call, recordingHouse } from '../../testing/house.ts'

type Script = NonNullable<Parameters<typeof recordingHouse>[0]>

const messages = [{ role: 'user', content: 'hi' }]
const apis: [Door, string, object][] = [
  [openAiDoor, '/v1/chat/completions', { model: 'toy', messages, stream: true }],
  [openAiDoor, '/v1/completions', { model: 'toy', prompt: 'hi', stream: true }],
  [openAiDoor, '/v1/responses', { model: 'toy', input: 'hi', stream: true }],
  [anthropicDoor, '/v1/messages', { model: 'toy', max_tokens: 9, messages, stream: true }],
]

const isPing = (text: string): boolean => text.startsWith(': ') || text.startsWith('event: ping\n')

/** Asks, and lets go what the house waits for once so many pings have come. */
function askSlowly(
  [door, path, body]: (typeof apis)[number],
  pings: number,
  script: (gate: Promise<void>) => Script,
  ahead = true,
) {
  const gate = Promise.withResolvers<void>()
  const { house } = recordingHouse(script(gate.promise))
  const heard: string[] = []
  const onWrite = (text: string): void => {
    heard.push(text)
    if (heard.filter(isPing).length === pings) gate.resolve()
  }
  return { heard, gate, answered: call(door, house, 'POST', path, body, { pulse: { every: 2, ahead }, onWrite }) }
}

for (const api of apis) {
  const [, path] = api
  test(`${path}: who waits for the first word hears that somebody is being asked, and then the answer`, async () => {
    const { answered, heard } = askSlowly(api, 3, before => ({ before, alive: { state: 'queued', position: 4 } }))
    const { status, text } = await answered
    assert.equal(status, 200)
    assert.ok(heard.slice(0, 3).every(isPing), heard.join(''))
    assert.match(heard[0]!, /queued.*4/)
    assert.match(text, /Hel/)
    assert.doesNotMatch(text, /event: error|"error":\{/)
  })

  test(`${path}: and so does who waits in a pause`, async () => {
    const { answered, heard } = askSlowly(api, 2, pause => ({ deltas: ['Hel', pause, 'lo'] }))
    await answered
    const words = heard.filter(text => !isPing(text))
    const [first, last] = [
      heard.findIndex(text => text.includes('Hel')),
      heard.findIndex(text => text.includes('"lo"')),
    ]
    assert.ok(words.length >= 2)
    assert.ok(heard.slice(first + 1, last).filter(isPing).length >= 1, heard.join(''))
  })

  test(`${path}: what goes wrong after a ping is the stream's last event; before it, a status`, async () => {
    const late = askSlowly(api, 1, before => ({
      before: before.then(() => {
        throw new HeddleError('no_provider')
      }),
    }))
    const { status, text } = await late.answered
    assert.equal(status, 200)
    assert.match(text, /no_provider/)
    assert.doesNotMatch(text, /DONE|message_stop|response\.completed/)
    const { house } = recordingHouse({ refuses: new HeddleError('no_provider') })
    const [door, , body] = api
    const early = await call(door, house, 'POST', path, body, { pulse: { every: 1_000, ahead: true } })
    assert.ok(early.status >= 500 && early.text === '', `${early.status}`)
  })

  test(`${path}: where the status is the house's to say, nothing is sent before it has answered`, async () => {
    const { answered, heard, gate } = askSlowly(
      api,
      Number.POSITIVE_INFINITY,
      before => ({
        before: before.then(() => {
          throw new HeddleError('payment_required')
        }),
      }),
      false,
    )
    await new Promise(resolve => setTimeout(resolve, 20))
    gate.resolve()
    assert.equal((await answered).status, 402)
    assert.deepEqual(heard, [])
  })
}

test('a stream that is written to is sign enough', async () => {
  const { house } = recordingHouse({ deltas: Array(50).fill('word ') })
  const [door, path, body] = apis[0]!
  const { text } = await call(door, house, 'POST', path, body, { pulse: { every: 10_000, ahead: true } })
  assert.doesNotMatch(text, /^: /m)
})
