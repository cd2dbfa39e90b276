import {
  getLlama,
  getModuleVersion,
  type Llama as Library,
  LlamaGrammarEvaluationState,
  LlamaLogLevel,
  type LlamaModel,
  type Token,
} from 'node-llama-cpp'
import type { Feature } from '../features.ts'
import { type Embedder, startEmbedder } from './embedding.ts'
import type { EngineConfig, EngineFacts } from './messages.ts'
import { type Pool, startPool } from './pool.ts'
import { Refused } from './refused.ts'
import { resolveTemplate, type Template } from './template.ts'

/** A loaded model. Its context (the memory of the sequences) exists only while jobs need it. */
export type Llama = {
  facts: EngineFacts
  batch: number
  model: LlamaModel
  template: Template
  pool: Pool
  embedder: Embedder
  /** Text of tokens; special ones have none, except those that are looked for. */
  decode(tokens: readonly number[], before: readonly number[]): string
  /** The text of one token, special or not, in the middle of a text. */
  name(token: number): string
  /** What may come next by a grammar in GBNF, made for a field of the job. Throws `Refused` where llama.cpp cannot hold it. */
  grammar(text: string, param: string): Promise<LlamaGrammarEvaluationState>
}

/** Loads the model, mapped from its file. Never builds, never downloads. Throws what llama.cpp throws. */
export async function loadLlama(config: EngineConfig): Promise<Llama> {
  const library = await getLlama({
    gpu: false,
    build: 'never',
    skipDownload: true,
    progressLogs: false,
    maxThreads: 0,
    logLevel: LlamaLogLevel.error,
    logger: (_level, message) => void process.stderr.write(message),
  })
  const model = await library.loadModel({ modelPath: config.modelPath, useMmap: true, gpuLayers: 0 })
  const context = Math.min(config.context, model.trainContextSize)
  const threads = config.threads || Math.max(1, library.cpuMathCores - 1)
  const { sequences, batch, idleMs } = config
  const template = resolveTemplate(model)
  const middle = model.tokenize('a').slice(-1)
  const quantization = quantizationOf(model.typeDescription)
  const pool = startPool(idleMs, sequences, () =>
    model.createContext({ contextSize: context, sequences, batchSize: batch, threads }),
  )
  if (config.warmUp) await warmUp(pool, model)
  return {
    facts: {
      build: await buildOf(library),
      hardware: hardwareOf(library),
      context,
      sequences,
      threads,
      template: template.name,
      gpu: library.gpu === false ? 'none: the built-in engine computes on the processor alone' : library.gpu,
      features: featuresOfModel(model, template),
      ...(quantization && { quantization }),
    },
    batch,
    model,
    template,
    pool,
    embedder: startEmbedder(idleMs, () =>
      model.createEmbeddingContext({ contextSize: context, batchSize: context, threads }),
    ),
    decode: (tokens, before) =>
      model.detokenize(
        tokens as Token[],
        tokens.some(token => template.marks.has(token as Token)),
        before as Token[],
      ),
    name: token => model.detokenize([token as Token], true, middle),
    grammar: async (text, param) => {
      try {
        return new LlamaGrammarEvaluationState({ model, grammar: await library.createGrammar({ grammar: text }) })
      } catch {
        throw new Refused('unsupported_field', 'the schema makes a grammar that the engine cannot hold', param)
      }
    },
  }
}

async function buildOf({ llamaCppRelease }: Library): Promise<string> {
  const { release } = llamaCppRelease
  return `node-llama-cpp/${await getModuleVersion()} llama.cpp/${release} ${process.platform}-${process.arch}`
}

/** Instruction sets by which builds of the engine differ in what they compute; the first that is used names the class. */
const INSTRUCTIONS = [
  'AMX_INT8',
  'AVX512_BF16',
  'AVX512_VNNI',
  'AVX512',
  'AVX_VNNI',
  'AVX2',
  'AVX',
  'SVE',
  'MATMUL_INT8',
  'DOTPROD',
  'NEON',
  'SSE3',
]

function hardwareOf({ systemInfo }: Library): string {
  const used = INSTRUCTIONS.find(name => systemInfo.includes(`${name} = 1`))
  return `${process.arch} ${used ?? 'plain'}`
}

const ALWAYS = [
  'chat',
  'completion',
  'json',
  'schema',
  'grammar',
  'logprobs',
  'choices',
  'seed',
  'evidence',
] satisfies Feature[]
const SAMPLING = ['logit_bias', 'penalties', 'top_k', 'cache'] satisfies Feature[]

function featuresOfModel({ fileInsights }: LlamaModel, { calls, reasoning }: Template): Feature[] {
  const features: Feature[] = [...ALWAYS, ...SAMPLING]
  if (!(fileInsights.hasEncoder && fileInsights.hasDecoder)) features.push('embedding')
  if (calls) features.push('tools', 'strict', 'tool_choice')
  if (reasoning) features.push('reasoning')
  return features
}

/**
 * The quantisation in a model's own description, as names of files have it.
 *
 * @example
 * ```ts
 * // sketch
 * quantizationOf('llama 1B Q4_K - Medium') // 'q4_k_m'
 * ```
 */
export function quantizationOf(description: string): string | undefined {
  const [, kind, size] =
    /\b(I?Q\d\w*|T?Q\d\w*|MXFP4|BF16|F16|F32)\b(?: - (Small|Medium|Large))?/.exec(description) ?? []
  return kind && `${kind}${size ? `_${size[0]}` : ''}`.toLowerCase()
}

/** What is made and mapped only once is made for nobody; its memory goes back, so that an idle engine stays small. */
async function warmUp(pool: Pool, model: LlamaModel): Promise<void> {
  const sequence = await pool.acquire()
  try {
    const tokens = model.tokenize('a')
    const draws = sequence.evaluate(tokens, { temperature: 0 })
    await draws.next()
    await draws.return()
  } finally {
    await pool.release(sequence)
    await pool.rest()
  }
}
