import type { Adapter } from './adapter.ts'
import { llamaServer } from './llama-server.ts'
import { ollama } from './ollama.ts'
import { openAi } from './openai.ts'
import type { EngineSettings } from './settings.ts'
import { vllm } from './vllm.ts'

/** What speaks to an engine of this kind; `memory` is a folder in which digests of weights are remembered. */
export function adapterOf(settings: EngineSettings, memory: string | undefined): Adapter {
  if (settings.kind === 'ollama') return ollama(settings, memory)
  if (settings.kind === 'llama-server') return llamaServer(settings, memory)
  return settings.kind === 'vllm' ? vllm(settings) : openAi(settings)
}
