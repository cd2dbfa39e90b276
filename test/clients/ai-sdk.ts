import assert from 'node:assert/strict'
import { APICallError, embedMany, generateText, jsonSchema, type LanguageModel, Output, streamText, tool } from 'ai'
import type { Refusal, startClient } from './client.ts'
import { assertCity, assertColour, colour, PIXEL, QUESTION, weather } from './question.ts'

type Client = Awaited<ReturnType<typeof startClient>>
type Models = { chat: LanguageModel; unknown: LanguageModel; stranger: LanguageModel }

export const refusalOf = (error: unknown): Refusal => {
  assert.ok(APICallError.isInstance(error), String(error))
  const { error: body } = JSON.parse(error.responseBody!) as { error: { code: string; param: string | null } }
  return { code: body.code, field: body.param ?? undefined }
}

/** An error of the SDK, which does not ask again. */
export async function refused(promise: PromiseLike<unknown>): Promise<Refusal> {
  return refusalOf(
    await Promise.resolve(promise).then(
      () => assert.fail('nothing was refused'),
      (error: unknown) => error,
    ),
  )
}

const call = tool({
  description: weather.description,
  inputSchema: jsonSchema<{ city: string }>({ ...weather.parameters, required: ['city'] }),
  execute: async ({ city }) => `It is sunny in ${city}.`,
})
const shape = jsonSchema<{ colour: string; warm: boolean }>({ ...colour, required: [...colour.required] })

/** What the AI SDK does the same with every provider package. */
export async function tryModels({ feature, has }: Client, { chat, unknown, stranger }: Models): Promise<void> {
  const ask = { model: chat, prompt: QUESTION, temperature: 0, maxOutputTokens: 60, maxRetries: 0 }

  await feature('chat', async () => {
    const { text, finishReason, usage } = await generateText({ ...ask, instructions: 'Be brief.' })
    assert.ok(text.length > 0)
    assert.match(finishReason, /^(stop|length)$/)
    assert.ok(usage.inputTokens! > 0 && usage.outputTokens! > 0)
  })
  await feature('chat, streamed', async () => {
    let text = ''
    for await (const part of streamText(ask).textStream) text += part
    assert.equal(text, (await generateText(ask)).text)
  })
  await feature('usage of a stream', async () => {
    const result = streamText(ask)
    await result.consumeStream()
    const usage = await result.usage
    assert.ok(usage.inputTokens! > 0 && usage.outputTokens! > 0)
  })
  await feature('tool call and its result', async () => {
    // The first step must call; the second has the result and need not.
    const { steps } = await generateText({
      ...ask,
      tools: { weather: call },
      stopWhen: ({ steps: done }) => done.length === 2,
      prepareStep: ({ stepNumber }) => ({ toolChoice: stepNumber === 0 ? 'required' : 'none' }),
    })
    assertCity(steps[0]!.toolCalls[0]!.input)
    assert.match(String(steps[0]!.toolResults[0]!.output), /^It is sunny in (Bern|Oslo)\.$/)
    assert.equal(steps.length, 2)
  })
  await feature('tool call, streamed', async () => {
    const result = streamText({ ...ask, tools: { weather: call }, toolChoice: 'required' })
    const [first] = await result.toolCalls
    assertCity(first!.input)
  })
  await feature('one tool by its name', async () => {
    const { toolCalls } = await generateText({
      ...ask,
      tools: { weather: call, time: call },
      toolChoice: { type: 'tool', toolName: 'time' },
    })
    assert.equal(toolCalls[0]!.toolName, 'time')
  })
  await feature('JSON by a schema', async () => {
    const { output } = await generateText({ ...ask, output: Output.object({ schema: shape }) })
    assertColour(output)
  })
  await feature('JSON by a schema, streamed', async () => {
    const result = streamText({ ...ask, output: Output.object({ schema: shape }) })
    assertColour(await result.output)
  })
  await feature('image', async () => {
    const image = { type: 'file' as const, data: Buffer.from(PIXEL, 'base64'), mediaType: 'image/png' }
    const { prompt: _, ...rest } = ask
    const look = () => generateText({ ...rest, messages: [{ role: 'user', content: [image] }] })
    if (!has('images')) return refused(look())
    assert.equal(typeof (await look()).text, 'string')
  })
  await feature('a model nobody has', () => refused(generateText({ ...ask, model: unknown })))
  await feature('a wrong key', () => refused(generateText({ ...ask, model: stranger })))
}

export async function tryEmbeddings({ feature }: Client, model: Parameters<typeof embedMany>[0]['model']) {
  await feature('embeddings', async () => {
    const { embeddings } = await embedMany({ model, values: ['a cat', 'a dog'], maxRetries: 0 })
    assert.equal(embeddings.length, 2)
    assert.ok(embeddings.every(one => one.length > 0 && one.every(Number.isFinite)))
  })
}
