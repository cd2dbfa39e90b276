import type { EngineKind } from '../engines/settings.ts'
import type { RecordingEngine } from './recording-engine.ts'
import { groups, type Messages, vectors } from './recording-tokens.ts'

/** What a llama-server, a vLLM or another server with OpenAI's API says about itself. */
export function openAiFacts(engine: RecordingEngine, path: string): unknown {
  if (path === '/v1/models') {
    const owner = { 'llama-server': 'llamacpp', vllm: 'vllm', openai: 'somebody', ollama: '' }[engine.kind]
    const data = engine.models.map(({ name }) => ({ id: name, object: 'model', owned_by: owner, max_model_len: 4_096 }))
    return { object: 'list', data }
  }
  if (engine.kind === 'vllm' && path === '/version') return { version: '0.11.0' }
  if (engine.kind === 'llama-server' && path === '/props')
    return {
      total_slots: 2,
      build_info: 'b6000-abc',
      model_path: '',
      default_generation_settings: { n_ctx: 4_096 },
      chat_template_caps: { supports_tools: true },
      modalities: { vision: true },
    }
  return undefined
}

export const openAiEmbeddings = ({ script }: RecordingEngine, asked: Record<string, unknown>) => ({
  data: vectors(asked).map((embedding, index) => ({ index, embedding })),
  usage: { prompt_tokens: script.usage?.prompt ?? 3 },
})

/** Its answer by the script: events, with the counts where its kind has them. */
export async function* openAiMessages(engine: RecordingEngine, path: string, asked: Record<string, unknown>): Messages {
  const { script, kind } = engine
  const limit = Number(asked['max_tokens'] ?? 100)
  const choices = Number(asked['n'] ?? 1)
  const event = (value: Record<string, unknown>) => `data: ${JSON.stringify({ id: 'x', ...value })}\n\n`
  const at = (index: number, delta: Record<string, unknown>, more: Record<string, unknown> = {}) => ({
    choices: [{ index, ...(path === '/v1/completions' ? { text: delta['content'] ?? '' } : { delta }), ...more }],
  })
  const prompt = script.usage?.prompt ?? 7
  const cached = script.usage?.cached ?? 0
  let sent = 0
  const counts = (): Record<string, unknown> => {
    const completion = script.usage?.completion ?? sent
    if (kind === 'vllm') return { usage: { prompt_tokens: prompt, completion_tokens: completion } }
    if (kind !== 'llama-server') return {}
    return { timings: { prompt_n: prompt - cached, cache_n: cached, predicted_n: completion } }
  }
  for (let index = 0; index < choices; index++) {
    sent = 0
    yield event({ ...at(index, { role: 'assistant', content: '' }) })
    for (const reasoning_content of script.reasoning ?? []) {
      sent++
      yield event({ ...at(index, { reasoning_content }), ...counts() })
    }
    for await (const group of groups(script, limit)) {
      if (!group) return yield undefined
      sent += group.length
      const likely = likelihoods(kind, path, asked, group)
      yield event({ ...at(index, { content: group.join('') }, likely), ...counts() })
    }
    for (const [i, call] of (script.toolCalls ?? []).entries()) {
      const { name, arguments: text } = call
      yield event(at(index, { tool_calls: [{ index: i, id: `call_${i}`, function: { name, arguments: '' } }] }))
      yield event(at(index, { tool_calls: [{ index: i, function: { arguments: text } }] }))
    }
    const reason = script.toolCalls ? 'tool_calls' : script.tokens.length > limit ? 'length' : 'stop'
    yield event({ ...at(index, {}, { finish_reason: script.finish ?? reason }), ...counts() })
  }
  const completion = script.usage?.completion ?? sent * choices
  const details = { prompt_tokens_details: { cached_tokens: cached } }
  yield event({ choices: [], usage: { prompt_tokens: prompt, completion_tokens: completion, ...details } })
  yield 'data: [DONE]\n\n'
}

/** Of each token, and of as many beside it as were asked for, in the shape of the route and the kind. */
function likelihoods(kind: EngineKind, path: string, asked: Record<string, unknown>, group: readonly string[]) {
  const plain = path === '/v1/completions'
  const most = plain ? (kind === 'llama-server' ? asked['n_probs'] : asked['logprobs']) : asked['top_logprobs']
  if (plain ? most === undefined : !asked['logprobs']) return {}
  // The drawn one is the second likeliest. A llama-server that is not told how many gives twenty.
  const beside = Array.from({ length: Number(most ?? (kind === 'llama-server' ? 20 : 0)) }, (_, i) => ({
    token: `~${i}`,
    logprob: i === 0 ? -0.25 : -1 - i,
    bytes: [126, 48 + i],
  }))
  if (!plain || kind === 'llama-server')
    return {
      logprobs: { content: group.map(token => ({ token, logprob: -0.5, bytes: null, top_logprobs: beside })) },
    }
  const top = (token: string) => Object.fromEntries([[token, -0.5], ...beside.map(one => [one.token, one.logprob])])
  return {
    logprobs: {
      tokens: group,
      token_logprobs: group.map(() => -0.5),
      top_logprobs: group.map(top),
      text_offset: group.map(() => 0),
    },
  }
}
