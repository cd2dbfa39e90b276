import { formatUnits } from '@heddle/protocol'
import type { FirstAnswer } from './first-question.ts'

const quote = (text: string): string => {
  const line = text.replace(/\s+/g, ' ')
  return line.length > 40 ? `"${line.slice(0, 39)}…"` : `"${line}"`
}

/** What a new user sees first. */
export function firstScreen(facts: {
  answer: FirstAnswer | undefined
  answers: number
  url: string
  apiKey: string
  cap: bigint
  jobsLastHour: number
}): string {
  const { answer, url } = facts
  const lines: string[] = []
  if (answer) {
    lines.push(
      `✓ ${facts.answers} answer${facts.answers === 1 ? '' : 's'} · ${answer.tokens} tokens · ${formatUnits(answer.charge)} HED (local test money)`,
      `  ${quote(answer.text).padEnd(45)} ${url}/receipts/${answer.receipt}  (Verify in this browser)`,
    )
    if (answer.milliseconds > 0) {
      lines.push(`  asked → paid → ran → receipt → settled        ${(answer.milliseconds / 1000).toFixed(1)} s`)
    }
  }
  lines.push(
    `Use:   OPENAI_BASE_URL=${url}/v1   key ${facts.apiKey}   cap ${formatUnits(facts.cap)} HED`,
    `Earn:  demand now: ${facts.jobsLastHour} jobs/h → expect ${facts.jobsLastHour === 0 ? '0' : 'what it brings'}`,
    'Everything here is a local chain. Nothing is worth money.',
  )
  return lines.join('\n')
}
