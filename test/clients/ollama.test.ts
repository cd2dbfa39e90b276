import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Ollama } from 'ollama'
import { rejection, startClient, versionOf } from './client.ts'
import { QUESTION } from './question.ts'

test("ollama's client is refused politely, by a gateway and by a provider", async t => {
  const { feature, compare, url, house, apiKey, model } = await startClient(t, 'ollama', versionOf('ollama'))
  const messages = [{ role: 'user', content: QUESTION }]
  await feature("Ollama's own API", async () => {
    const headers = { authorization: `Bearer ${apiKey}` }
    for (const host of [url, house.run.providers[0]!.url]) {
      for (const client of [new Ollama({ host }), new Ollama({ host, headers })]) {
        const calls = [
          () => client.chat({ model, messages }),
          () => client.chat({ model, messages, stream: true }),
          () => client.generate({ model, prompt: QUESTION }),
          () => client.embed({ model, input: QUESTION }),
          () => client.list(),
          () => client.ps(),
          () => client.show({ model }),
          () => client.pull({ model }),
          () => client.push({ model }),
          () => client.create({ model, from: model }),
          () => client.copy({ source: model, destination: 'mine' }),
          () => client.delete({ model }),
        ]
        for (const call of calls) {
          const { name, message, status_code } = (await rejection(call() as Promise<unknown>)) as Error & {
            status_code: number
          }
          assert.deepEqual([name, status_code], ['ResponseError', 404])
          // What its user reads: what this is, and what to do.
          assert.match(message, /does not speak Ollama's API\. Use an OpenAI client with this address and \/v1/)
        }
      }
    }
    return { code: 'not_found' }
  })
  await compare()
})
