import { call } from '../call.ts'
import { pageLink } from '../page.ts'
import { askFirstQuestion, type FirstAnswer } from './first-question.ts'
import { firstScreen } from './screen.ts'
import type { House } from './start.ts'
import { terms } from './terms.ts'
import { saleLines } from './trade.ts'

type Answers = {
  answers: { id: string; state: string; answer: string; charge: string; usage: Record<string, string> }[]
}

/** Asks a first question where none was asked before, and shows what a new user wants to know. */
export async function welcome(house: House, hasPage: boolean): Promise<void> {
  const { run } = house
  const { url } = run.gateway
  const shown = run.gateway.publicUrl ?? url
  const before = await call<Answers>(`${url}/heddle/1/answers?limit=200`, { token: run.adminToken })
  const last = before.answers.find(one => one.state === 'done')
  let answer: FirstAnswer | undefined = last && {
    text: last.answer,
    tokens: Object.values(last.usage).reduce((sum, count) => sum + Number(count), 0),
    charge: BigInt(last.charge),
    receipt: last.id,
    milliseconds: 0,
  }
  if (!answer) {
    answer = await askFirstQuestion(house).catch((error: Error) => {
      console.log(`! The first question was not answered: ${error.message}`)
      return undefined
    })
  }
  const status =
    house.run.providers[0] &&
    (await call<{ demand: { jobsLastHour: number } }>(`${house.run.providers[0].url}/heddle/1/status`))
  console.log(
    firstScreen({
      answer,
      answers: last ? before.answers.filter(one => one.state === 'done').length : 1,
      url: shown,
      page: hasPage ? await pageLink(run, answer ? `/receipts/${answer.receipt}` : '/') : undefined,
      own: run.providers.some(one => one.own),
      apiKey: house.apiKey,
      cap: terms.cap,
      sale: await saleLines(run),
      jobsLastHour: last ? (status?.demand.jobsLastHour ?? 0) : 0,
    }),
  )
}
