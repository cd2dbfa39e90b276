import { ask, between, code, followUp, NAMES, noun, PLACES, pick, prose, type Random, thing, wait } from './words.ts'

export type Body = Readonly<Record<string, unknown>>
type Message = Readonly<{ role: string; content: string }>

/** One request: when it comes after the answer before it (milliseconds), and what it says, from the answers so far. */
export type Turn = Readonly<{ after: number; body: (answers: readonly string[]) => Body }>
/** Requests of which each waits for the answer to the one before. */
export type Thread = Readonly<{ at: number; turns: readonly Turn[] }>

/** How one key asks: its threads until a time. */
export type Habit = (until: number, random: Random) => Thread[]

const MINUTE = 60_000

/** Times without memory. */
function* times(mean: number, until: number, random: Random): Generator<number> {
  for (let at = wait(mean, random); at < until; at += wait(mean, random)) yield at
}

const once = (at: number, body: Body): Thread => ({ at, turns: [{ after: 0, body: () => body }] })

/** People at a keyboard: turns with time to read and to think between them. */
function conversation(at: number, system: readonly Message[], settings: Body, random: Random): Thread {
  const count = random() < 0.45 ? 1 : between(2, 5, random)
  const said = Array.from({ length: count }, (_, i) => (i === 0 ? ask(random) : followUp(random)))
  const turns = said.map((_, turn): Turn => {
    const body = (answers: readonly string[]): Body => ({
      messages: [
        ...system,
        ...said.slice(0, turn + 1).flatMap((content, i): Message[] => {
          const asked = { role: 'user', content }
          return i < turn ? [asked, { role: 'assistant', content: answers[i] ?? '' }] : [asked]
        }),
      ],
      ...settings,
    })
    return { after: turn === 0 ? 0 : 5_000 + wait(25_000, random), body }
  })
  return { at, turns }
}

const system = (content: string): readonly Message[] => [{ role: 'system', content }]
const user = (content: string): Message => ({ role: 'user', content })

/** Somebody who chats when there is time for it: sittings with long pauses between. */
const chatter: Habit = (until, random) => {
  const settings = random() < 0.5 ? {} : { temperature: 0.7 }
  return [...times(15 * MINUTE, until, random)].flatMap(begun =>
    Array.from({ length: between(2, 5, random) }, (_, i) =>
      conversation(begun + i * (60_000 + wait(50_000, random)), [], settings, random),
    ),
  )
}

/** An application with a system prompt and many users. */
const assistant: Habit = (until, random) => {
  const who = system(`You are the assistant of ${pick(NAMES, random)}'s ${noun(random)} shop. ${prose(3, random)}`)
  const settings = {
    temperature: pick([0.3, 0.5, 0.7], random),
    max_tokens: pick([300, 400, 512], random),
    ...(random() < 0.5 ? { prompt_cache_key: `app-${between(1, 999, random)}` } : {}),
  }
  return [...times(1.1 * MINUTE, until, random)].map(at => conversation(at, who, settings, random))
}

/** A program that works through a heap at once, several together. */
const heap =
  (
    mean: number,
    make: (random: Random) => { settings: Body; instructions: string; text: (random: Random) => string },
  ) =>
  (until: number, random: Random): Thread[] => {
    const { settings, instructions, text } = make(random)
    return [...times(mean, until, random)].flatMap(begun => {
      let at = begun
      return Array.from({ length: between(3, 10, random) }, () => {
        at += random() < 0.5 ? 0 : wait(700, random)
        return once(at, { messages: [...system(instructions), user(text(random))], ...settings })
      })
    })
  }

const summariser = heap(4 * MINUTE, random => ({
  settings: { temperature: 0.2, max_tokens: pick([120, 200, 250], random) },
  instructions: `Summarise the report in ${between(1, 4, random)} sentences. Keep the names and numbers.`,
  text: r => prose(between(6, 24, r), r),
}))

const extractor = heap(3.5 * MINUTE, random => ({
  settings: { temperature: 0, seed: 42, max_tokens: 150, response_format: { type: 'json_object' } },
  instructions: `Return JSON with the fields ${noun(random)}, place, price and ${noun(random)}. null where unknown.`,
  text: r => `From: ${pick(NAMES, r)}\nSubject: ${thing(r)}\n\n${prose(between(2, 6, r), r)}`,
}))

/** The same instructions in the user's own message, without a system prompt. */
const translator: Habit = (until, random) => {
  const into = pick(['French', 'German', 'Spanish', 'Polish'], random)
  const settings = { temperature: pick([0, 0.3], random), max_tokens: 256 }
  return [...times(0.6 * MINUTE, until, random)].map(at =>
    once(at, { messages: [user(`Translate into ${into}:\n\n${prose(between(1, 4, random), random)}`)], ...settings }),
  )
}

/** Examples before every question. */
const labeller: Habit = (until, random) => {
  const labels = ['positive', 'negative', 'neutral']
  const shots = Array.from({ length: 3 }, () => [
    user(prose(1, random)),
    { role: 'assistant', content: pick(labels, random) },
  ]).flat()
  const who = system(`Label each text: ${labels.join(', ')}.`)
  const settings = { temperature: 0, max_tokens: 4, stop: ['\n'] }
  return [...times(0.5 * MINUTE, until, random)].map(at =>
    once(at, { messages: [...who, ...shots, user(prose(between(1, 2, random), random))], ...settings }),
  )
}

/** An editor that completes code while somebody types. */
const editor: Habit = (until, random) => {
  const settings = { temperature: 0.1, top_p: 0.95, top_k: 40, max_tokens: 64, stop: ['\n\n'] }
  return [...times(4 * MINUTE, until, random)].flatMap(begun => {
    let text = code(random)
    let at = begun
    return Array.from({ length: between(3, 9, random) }, () => {
      at += 1_500 + wait(6_000, random)
      text += `\n    ${noun(random)} = ${noun(random)}(${between(0, 99, random)})`
      return once(at, { prompt: text, ...settings })
    })
  })
}

/** Long texts, warm, a completion each. */
const writer: Habit = (until, random) => {
  const settings = { temperature: pick([1, 1.1, 1.2], random), presence_penalty: 0.6, max_tokens: 600 }
  return [...times(1.2 * MINUTE, until, random)].map(at =>
    once(at, { prompt: `${prose(between(2, 8, random), random)}\n\nThen`, ...settings }),
  )
}

/** A job by the clock that asks the same, or nearly. */
const clockwork: Habit = (until, random) => {
  const every = pick([45_000, 60_000, 90_000], random)
  const same = `Write a friendly status line about the ${thing(random)} in ${pick(PLACES, random)}.`
  const settings = { max_tokens: 40, temperature: 0.8 }
  return Array.from({ length: Math.floor(until / every) }, (_, i) => {
    const text = random() < 0.6 ? same : `${same} It is ${between(-5, 34, random)} degrees.`
    return once(i * every + wait(400, random), { messages: [user(text)], ...settings })
  })
}

/** A trial of prompts: each question several times, with other seeds. */
const trial: Habit = (until, random) => {
  const settings = { temperature: 1, max_tokens: 128, logprobs: true, top_logprobs: 2 }
  return [...times(3 * MINUTE, until, random)].flatMap(begun => {
    const question = ask(random)
    return Array.from({ length: 5 }, (_, i) =>
      once(begun + i * 900, { messages: [user(question)], seed: between(1, 1e9, random), ...settings }),
    )
  })
}

/** A program whose model may call its tools. */
const agent: Habit = (until, random) => {
  const parameters = { type: 'object', properties: { [noun(random)]: { type: 'string' } } }
  const tools = [{ type: 'function', function: { name: `find_${noun(random)}`, parameters } }]
  const who = system(`Use the tools where they help. Today you work for ${pick(NAMES, random)}.`)
  const settings = { tools, temperature: 0.2, max_tokens: 300 }
  return [...times(1.5 * MINUTE, until, random)].map(at => conversation(at, who, settings, random))
}

/** Every way of asking that this traffic has. */
export const habits: readonly Habit[] = [
  chatter,
  assistant,
  summariser,
  extractor,
  translator,
  labeller,
  editor,
  writer,
  clockwork,
  trial,
  agent,
]
