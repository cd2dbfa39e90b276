import { errorFromJson, HeddleError } from '@heddle/protocol'
import { call } from '../call.ts'
import type { House } from './start.ts'

export type FirstAnswer = {
  text: string
  tokens: number
  /** Base units. */
  charge: bigint
  receipt: string
  milliseconds: number
}

const QUESTION = 'Name three colours.'

/** Asks one question the way anybody would, then has the provider claim: asked → paid → ran → receipt → settled. */
export async function askFirstQuestion({ run, apiKey, model }: House): Promise<FirstAnswer> {
  const started = performance.now()
  const response = await fetch(`${run.gateway.url}/v1/chat/completions`, {
    method: 'POST',
    headers: { authorization: `Bearer ${apiKey}`, 'content-type': 'application/json' },
    body: JSON.stringify({
      model: model.name,
      messages: [{ role: 'user', content: QUESTION }],
      max_tokens: 48,
      temperature: 0,
    }),
  })
  const answer = (await response.json()) as {
    error?: unknown
    choices?: { message: { content: string } }[]
    usage?: { total_tokens: number }
    heddle?: { receipt: string; charge: string }
  }
  if (!response.ok || !answer.choices || !answer.usage || !answer.heddle) {
    const message = (answer.error as { message?: string } | undefined)?.message
    throw response.ok
      ? new HeddleError('internal', 'an answer without its parts')
      : errorFromJson({ code: 'internal', message })
  }
  // An own engine was not paid, and a chain that is down does not keep it from answering.
  if (answer.heddle.charge !== '0') await claimAll(run)
  return {
    text: answer.choices[0]!.message.content.trim(),
    tokens: answer.usage.total_tokens,
    charge: BigInt(answer.heddle.charge),
    receipt: answer.heddle.receipt,
    milliseconds: performance.now() - started,
  }
}

/** Has every provider of this house claim and sweep what it earned. */
export const claimAll = (run: House['run']) =>
  Promise.all(
    run.providers.map(provider =>
      call<{ rows: number; amount: string; transactions: string[]; refused: string[]; settled: string }>(
        `${provider.url}/heddle/1/admin/claim`,
        { method: 'POST', token: run.adminToken },
      ),
    ),
  )
