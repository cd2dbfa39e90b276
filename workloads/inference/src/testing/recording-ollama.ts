import type { RecordingEngine } from './recording-engine.ts'
import { groups, type Messages, vectors } from './recording-tokens.ts'

/** What an Ollama says about itself. */
export function ollamaFacts(engine: RecordingEngine, path: string, body: unknown): unknown {
  if (path === '/api/version') return { version: engine.version }
  if (path === '/api/status') return { cloud: { disabled: false, source: 'none' } }
  if (path === '/api/tags')
    return {
      models: engine.models.map(({ name, digest, remote }) => ({
        name,
        model: name,
        digest,
        size: 1_000,
        details: { family: 'toy', quantization_level: 'Q4_0' },
        ...(remote ? { remote_host: 'https://ollama.com:443', remote_model: name } : {}),
      })),
    }
  if (path === '/api/ps')
    return { models: engine.models.map(({ name }) => ({ name, model: name, size: 1_000, size_vram: 0 })) }
  if (path === '/api/show') {
    const name = (body as { model?: unknown })?.model
    const model = engine.models.find(one => one.name === name)
    return {
      details: { family: 'toy', quantization_level: 'Q4_0' },
      model_info: { 'toy.context_length': 4_096 },
      capabilities: model?.capabilities ?? ['completion', 'tools', 'vision', 'thinking'],
    }
  }
  return undefined
}

export const ollamaEmbeddings = ({ script }: RecordingEngine, asked: Record<string, unknown>) => ({
  embeddings: vectors(asked),
  prompt_eval_count: script.usage?.prompt ?? 3,
})

/** Its answer by the script: a line of JSON each. */
export async function* ollamaMessages(
  { script }: RecordingEngine,
  path: string,
  asked: Record<string, unknown>,
): Messages {
  const options = (asked['options'] ?? {}) as Record<string, unknown>
  const limit = Number(options['num_predict'] ?? 100)
  const line = (value: Record<string, unknown>) => `${JSON.stringify({ model: asked['model'], ...value })}\n`
  const said = (fields: Record<string, unknown>) => line({ message: { role: 'assistant', content: '', ...fields } })
  for (const thinking of script.reasoning ?? []) yield said({ thinking })
  for await (const group of groups(script, limit)) {
    if (!group) return yield undefined
    const text = group.join('')
    const likely = asked['logprobs'] ? { logprobs: group.map(token => ({ token, logprob: -0.5 })) } : {}
    yield path === '/api/generate' ? line({ response: text }) : line({ message: { content: text }, ...likely })
  }
  const calls = (script.toolCalls ?? []).map(call => ({
    function: { name: call.name, arguments: JSON.parse(call.arguments) as unknown },
  }))
  if (calls.length > 0) yield said({ tool_calls: calls })
  const sent = Math.min(script.tokens.length, limit)
  yield line({
    done: true,
    done_reason: script.finish ?? (script.tokens.length > limit ? 'length' : 'stop'),
    prompt_eval_count: script.usage?.prompt ?? 7,
    eval_count: script.usage?.completion ?? sent + (script.reasoning?.length ?? 0),
  })
}
