import type { Seen, Served } from './gateway.ts'
import { pick, writePrompt } from './prompts.ts'
import type { Random } from './sample.ts'

/** How somebody asked: what a canary copies. */
export type Shape = Readonly<{
  /** When its answer began, unix milliseconds. */
  at: number
  model: string
  /** Tokens of the prompt. */
  prompt: number
  task: 'chat' | 'completion'
  /** As the workload's spec has them. */
  settings: Readonly<Record<string, unknown>>
}>

/** An ordinary question, and how long to wait before it is asked (milliseconds). */
export type Canary = Readonly<{ wait: number; path: string; body: Readonly<Record<string, unknown>> }>

/** How a request says what a spec holds. What is not here is not copied: such requests are too rare to hide in. */
const FIELDS: readonly (readonly [setting: string, field: string])[] = [
  ['maxCompletion', 'max_tokens'],
  ['temperature', 'temperature'],
  ['topP', 'top_p'],
  ['topK', 'top_k'],
  ['frequencyPenalty', 'frequency_penalty'],
  ['presencePenalty', 'presence_penalty'],
]

/** Where nothing was seen yet: questions as people who try something out ask them. */
const FIRST_SETTINGS = [64, 128, 256, 512].map(maxCompletion => ({ maxCompletion, temperature: 1, topP: 1 }))
const CHARACTERS_A_TOKEN = 4
/** A template puts about so many tokens around a question. */
const AROUND = 12
const LONGEST_PROMPT = 16_384
const MOST_GAPS = 10_000
const HOUR = 3_600_000

/** The shape of a request that a canary can copy; nothing for jobs that draw no tokens, or several answers. */
export function shapeOf({ name, started, usage, settings }: Seen): Shape | undefined {
  const { task } = settings
  if ((task !== 'chat' && task !== 'completion') || settings['choices'] !== undefined) return undefined
  const prompt = Number(usage['prompt'] ?? 0) + Number(usage['cached'] ?? 0)
  return { at: started, model: name, prompt, task, settings }
}

/**
 * The next canary, from the traffic that was seen: model, length and sampling are those of one request that somebody
 * made; who is asked is drawn among those who serve the model; the wait is made of pauses as they lay between requests, so that canaries come in the traffic's own rhythm. Where
 * nothing was seen it asks for anything that is served. Nothing where nothing is. Pure: `random` decides.
 */
export function planCanary(
  seen: readonly Shape[],
  options: { perHour: number; served: readonly Served[] },
  random: Random,
): Canary | undefined {
  const { perHour, served } = options
  if (served.length === 0 || perHour <= 0) return undefined
  const asked = seen.filter(({ model }) => served.some(one => one.model === model))
  const shape: Shape =
    asked.length > 0
      ? pick(asked, random)
      : {
          at: 0,
          model: pick(served, random).model,
          prompt: 20 + 60 * random(),
          task: 'chat',
          settings: pick(FIRST_SETTINGS, random),
        }
  const { model, prompt, task, settings } = shape
  const characters = CHARACTERS_A_TOKEN * Math.min(LONGEST_PROMPT, Math.max(0, prompt - AROUND))
  const text = writePrompt(characters, random)
  // Everybody in turn: who gets little traffic is measured too. No provider sees whom a question could have gone to.
  const only = [
    pick(
      served.filter(one => one.model === model),
      random,
    ).provider,
  ]
  const isChat = task === 'chat'
  const copied = FIELDS.flatMap(([setting, field]) =>
    typeof settings[setting] === 'number' ? [[field, settings[setting]] as const] : [],
  )
  return {
    wait: waitFor(seen, perHour, random),
    path: isChat ? '/v1/chat/completions' : '/v1/completions',
    body: {
      model,
      provider: { only },
      ...(isChat ? { messages: [{ role: 'user', content: text }] } : { prompt: text }),
      ...Object.fromEntries(copied),
      // Whoever sends a seed sends another one each time, or always the same: a new one gives nothing away.
      ...(typeof settings['seed'] === 'number' ? { seed: Math.floor(random() * 2 ** 31) } : {}),
    },
  }
}

/** As many pauses of the traffic, drawn at random, as lie between two canaries; without traffic a wait without memory. */
function waitFor(seen: readonly Shape[], perHour: number, random: Random): number {
  const wanted = HOUR / perHour
  const times = seen.map(({ at }) => at).sort((a, b) => a - b)
  const gaps = times.slice(1).map((at, i) => at - times[i]!)
  const mean = gaps.reduce((sum, gap) => sum + gap, 0) / gaps.length
  if (gaps.length === 0 || mean === 0 || mean > wanted || wanted / mean > MOST_GAPS) {
    return -wanted * Math.log(1 - random())
  }
  const count = Math.max(1, Math.round(wanted / mean))
  return Array.from({ length: count }, () => pick(gaps, random)).reduce((sum, gap) => sum + gap, 0)
}
