import type { Clock } from '@heddle/protocol'
import { type Body, habits, type Thread } from './habits.ts'
import { pick, type Random } from './words.ts'

/** A key's requests until a time: all of its threads, each with the key. */
export type Asker = { authorization: string; threads: readonly Thread[] }

/** Keys of every habit, so that there are about so many requests; later rounds of keys have other ways in detail. */
export function askersOf(authorizations: readonly string[], until: number, random: Random): Asker[] {
  return authorizations.map((authorization, i) => ({
    authorization,
    threads: habits[i % habits.length]!(until, random),
  }))
}

export type Posting = {
  url: string
  model: string
  clock: Clock
  /** Waits so many milliseconds of that clock. */
  pause(milliseconds: number): Promise<void>
}

/** Asks everything when its time comes. Gives how many requests were answered, and how many were not. */
export async function askAll(
  posting: Posting,
  askers: readonly Asker[],
): Promise<{ answered: number; failed: number }> {
  const { clock, pause } = posting
  const begun = clock.now()
  const threads = askers
    .flatMap(({ authorization, threads }) => threads.map(thread => ({ authorization, thread })))
    .sort((a, b) => a.thread.at - b.thread.at)
  const counts = { answered: 0, failed: 0 }
  const running: Promise<void>[] = []
  for (const { authorization, thread } of threads) {
    const early = begun + thread.at - clock.now()
    if (early > 0) await pause(early)
    running.push(askThread(posting, authorization, thread, counts))
  }
  await Promise.all(running)
  return counts
}

async function askThread(
  posting: Posting,
  authorization: string,
  { turns }: Thread,
  counts: { answered: number; failed: number },
): Promise<void> {
  const answers: string[] = []
  for (const { after, body } of turns) {
    if (after > 0) await posting.pause(after)
    const answer = await post(posting, authorization, body(answers)).catch(() => undefined)
    if (answer === undefined) {
      counts.failed++
      return
    }
    counts.answered++
    answers.push(answer)
  }
}

/** Asks once; gives the answer's text. */
export async function post({ url, model }: Omit<Posting, 'clock' | 'pause'>, authorization: string, body: Body) {
  const path = 'prompt' in body ? '/v1/completions' : '/v1/chat/completions'
  const response = await fetch(url + path, {
    method: 'POST',
    headers: { authorization, 'content-type': 'application/json' },
    body: JSON.stringify({ model, ...body }),
  })
  const answer = (await response.json()) as { choices: { text?: string; message?: { content: string } }[] }
  if (!response.ok) throw new Error(JSON.stringify(answer))
  return answer.choices[0]!.message?.content ?? answer.choices[0]!.text ?? ''
}

/** A canary as nobody should send one: always the same question, by the clock, of each provider in turn. */
export async function askClumsily(
  posting: Posting,
  options: { authorization: string; providers: readonly string[]; every: number; until: number; random: Random },
): Promise<void> {
  const { authorization, providers, every, until, random } = options
  const end = posting.clock.now() + until
  const asking: Promise<unknown>[] = []
  while (posting.clock.now() < end) {
    await posting.pause(every)
    const body = {
      messages: [{ role: 'user', content: 'Explain the water cycle in simple words.' }],
      max_tokens: 64,
      temperature: 1,
      provider: { only: [pick(providers, random)] },
    }
    asking.push(post(posting, authorization, body).catch(() => undefined))
  }
  await Promise.all(asking)
}
