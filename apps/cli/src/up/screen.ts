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
  /** Opens once; nothing where the page was not built. */
  page: string | undefined
  /** Own engines answer first, for nothing. */
  own: boolean
  apiKey: string
  cap: bigint
  /** What a seller has to tell buyers. */
  sale: readonly string[]
  jobsLastHour: number
}): string {
  const { answer, url } = facts
  const lines: string[] = []
  if (answer) {
    lines.push(
      `✓ ${facts.answers} answer${facts.answers === 1 ? '' : 's'}${facts.answers === 1 ? '' : ', the last one'} · ${answer.tokens} tokens · ${formatUnits(answer.charge)} HED (local test money)`,
      `  ${quote(answer.text)}`,
    )
    if (answer.milliseconds > 0) {
      lines.push(`  asked → paid → ran → receipt → settled        ${(answer.milliseconds / 1000).toFixed(1)} s`)
    }
  }
  lines.push(
    ...(facts.page ? [`Page:  ${facts.page}   (opens once; heddle page makes another)`] : []),
    ...(facts.own ? ['Own:   your engine answers first and free; what it cannot do is bought within the cap'] : []),
    `Use:   OPENAI_BASE_URL=${url}/v1   key ${facts.apiKey}   cap ${formatUnits(facts.cap)} HED`,
    'Tools: heddle claude · heddle codex · heddle env CLIENT        (in a clone: ./heddle)',
    ...facts.sale,
    `Work:  ${facts.jobsLastHour} jobs in the last hour (heddle status: what they earned)`,
    'Everything here is a local chain. Nothing is worth money.',
  )
  return lines.join('\n')
}
