import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { orderedText } from '@heddle/protocol'
import { request } from 'undici'
import { startSchemas } from '../../workloads/inference/src/engines/schemas.ts'
import { randomFrom } from './mutate.ts'
import { nextSchema } from './schemas.ts'

export type SchemasFuzzed = { schemas: number; held: number; slowest: number; crashes: string[] }

/** Schemas at llama.cpp's own parser of grammars: a process that dies is a crash, and the next one goes on behind it. */
export async function fuzzSchemas(seed: number, schemas: number): Promise<SchemasFuzzed> {
  const fuzzed: SchemasFuzzed = { schemas, held: 0, slowest: 0, crashes: [] }
  for (let from = 0; from < schemas; ) {
    const path = new URL('./schema-child.ts', import.meta.url).pathname
    const child = spawn(process.execPath, [path, `${seed}`, `${from}`, `${schemas}`], {
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    const exit = once(child, 'exit')
    let at = from
    for await (const line of createInterface({ input: child.stdout })) {
      const said = JSON.parse(line) as { at?: number; broke?: string; text?: string; held?: number; slowest?: number }
      if (said.at !== undefined) at = said.at
      if (said.broke !== undefined) fuzzed.crashes.push(`${said.broke}: ${said.text}`)
      fuzzed.held += said.held ?? 0
      fuzzed.slowest = Math.max(fuzzed.slowest, said.slowest ?? 0)
    }
    const [code] = await exit
    if (code === 0) return fuzzed
    fuzzed.crashes.push(`the engine's process died between schema ${at} and ${at + 50} of seed ${seed}`)
    from = at + 50
  }
  return fuzzed
}

/**
 * Schemas, as an adapter writes them, at an Ollama that runs: each may be answered or refused, and the engine lives. Two
 * tokens each, so that its grammar is used as well.
 */
export async function fuzzOllama(url: string, seed: number, schemas: number): Promise<SchemasFuzzed> {
  const fuzzed: SchemasFuzzed = { schemas: 0, held: 0, slowest: 0, crashes: [] }
  const random = randomFrom(seed)
  const { body } = await request(`${url}/api/tags`)
  const { models } = (await body.json()) as { models: { name: string }[] }
  const model = process.env['HEDDLE_TEST_OLLAMA_MODEL'] ?? models[0]!.name
  while (fuzzed.schemas < schemas) {
    const schema = written(nextSchema(random))
    if (schema === undefined) continue
    fuzzed.schemas++
    const messages = [{ role: 'user', content: 'hi' }]
    const options = { num_predict: 2, num_thread: 1, num_ctx: 512 }
    const started = performance.now()
    try {
      const answer = await request(`${url}/api/chat`, {
        method: 'POST',
        body: orderedText({ model, messages, stream: false, format: schema, options }),
        headersTimeout: 60_000,
      })
      const text = await answer.body.text()
      if (answer.statusCode === 200) fuzzed.held++
      else fuzzed.crashes.push(`${answer.statusCode} ${text.slice(0, 200)}: ${orderedText(schema).slice(0, 2_000)}`)
    } catch (error) {
      fuzzed.crashes.push(`${(error as Error).message}: ${orderedText(schema).slice(0, 2_000)}`)
      await new Promise(resolve => setTimeout(resolve, 1_000))
    }
    fuzzed.slowest = Math.max(fuzzed.slowest, (performance.now() - started) / 1_000)
  }
  return fuzzed
}

function written(schema: string): Record<string, unknown> | undefined {
  try {
    return startSchemas().answer({ type: 'schema', schema })
  } catch {
    return undefined
  }
}
