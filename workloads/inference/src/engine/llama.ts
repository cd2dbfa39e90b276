import {
  getLlama,
  getModuleVersion,
  type LlamaContext,
  type LlamaContextSequence,
  LlamaLogLevel,
  type Token,
} from 'node-llama-cpp'
import type { EngineConfig, EngineFacts } from './messages.ts'
import { resolveTemplate, type Template } from './template.ts'

/** A loaded model. Its context (the memory of the sequences) exists only while jobs need it. */
export type Llama = {
  facts: EngineFacts
  batch: number
  template: Template
  decode(tokens: readonly number[], before: readonly number[]): string
  acquire(): Promise<LlamaContextSequence>
  release(sequence: LlamaContextSequence): Promise<void>
}

/** Loads the model, mapped from its file. Never builds, never downloads. Throws what llama.cpp throws. */
export async function loadLlama(config: EngineConfig): Promise<Llama> {
  const llama = await getLlama({
    gpu: false,
    build: 'never',
    skipDownload: true,
    progressLogs: false,
    maxThreads: 0,
    logLevel: LlamaLogLevel.error,
    logger: (_level, message) => void process.stderr.write(message),
  })
  const model = await llama.loadModel({ modelPath: config.modelPath, useMmap: true, gpuLayers: 0 })
  const context = Math.min(config.context, model.trainContextSize)
  const threads = config.threads || Math.max(1, llama.cpuMathCores - 1)
  const { sequences, batch } = config
  const pool = startPool(config.idleMs, () =>
    model.createContext({ contextSize: context, sequences, batchSize: batch, threads }),
  )
  const template = resolveTemplate(model)
  const { release } = llama.llamaCppRelease
  const build = `node-llama-cpp/${await getModuleVersion()} llama.cpp/${release} ${process.platform}-${process.arch}`
  return {
    facts: { build, context, sequences, threads, template: template.name },
    batch,
    template,
    decode: (tokens, before) => model.detokenize(tokens as Token[], false, before as Token[]),
    ...pool,
  }
}

/** Sequences of a context that is made for the first job, and given back `idleMs` after the last. */
function startPool(idleMs: number, create: () => Promise<LlamaContext>) {
  let context: Promise<LlamaContext> | undefined
  let free: LlamaContextSequence[] = []
  let busy = 0
  let idle: NodeJS.Timeout | undefined

  function dispose(): void {
    const old = context
    context = undefined
    free = []
    void old?.then(it => it.dispose())
  }

  return {
    async acquire(): Promise<LlamaContextSequence> {
      clearTimeout(idle)
      busy++
      try {
        context ??= create()
        const ready = await context
        return free.pop() ?? ready.getSequence()
      } catch (error) {
        busy--
        context = undefined
        throw error
      }
    },
    /** The sequence forgets the conversation: nothing of one job is ever within reach of another. */
    async release(sequence: LlamaContextSequence): Promise<void> {
      await sequence.clearHistory()
      free.push(sequence)
      busy--
      if (busy === 0) idle = setTimeout(dispose, idleMs)
    },
  }
}
