import type { Receipt } from '@heddle/protocol'
import type { Stored } from '../api.ts'
import { type Child, element, rows, section } from '../dom.ts'
import { code, duration, finishWords, hed, moment, usageOf, usageWords } from '../format.ts'

/** Every field of a receipt, in words. Nothing is trusted to be there: an altered receipt is shown all the same. */
export function fields(stored: Stored): HTMLElement {
  const receipt = ((stored.receipt as { receipt?: unknown } | null)?.receipt ?? {}) as Partial<Receipt>
  const { engine, usage, evidence } = receipt
  return section(
    'fields',
    'What the provider signed',
    group('What ran', [
      [
        'Model',
        stored.answer ? element('span', {}, stored.answer.model, ' ', code(receipt.model)) : code(receipt.model),
      ],
      ['Engine', `${engine?.name} ${engine?.build}`],
      ['Workload', String(receipt.workload)],
      ['Provider key', code(receipt.provider)],
    ]),
    group('What it cost', [
      ...usageOf(usage).map(([unit, used]) => usageRow(unit, used, stored)),
      ['Charge', element('strong', {}, hed(receipt.charge))],
      ['Finish', `The answer ${finishWords(receipt.finish)}.`],
    ]),
    group('How it is paid', [
      ['Channel', code(receipt.channel)],
      ['Sequence', `receipt ${receipt.sequence} of this channel`],
      ['Charged so far', `${hed(receipt.charged)} on this channel, this receipt included`],
      ['Chain', `id ${receipt.chainId}`],
      ['Settlement contract', code(receipt.settlement)],
    ]),
    group('When, by the clock of the provider', [
      ['Started', moment(receipt.started)],
      ['Finished', moment(receipt.finished)],
      ['Took', duration(Number(receipt.finished) - Number(receipt.started))],
    ]),
    group('What it commits to', [
      ['Receipt id', code(receipt.id)],
      ['Request digest', code(receipt.request)],
      ['Nonce', code(receipt.nonce)],
      ['Seed', code(receipt.seed)],
      ['Offer digest', code(receipt.offer)],
      ['Input digest', code(receipt.input)],
      ['Output digest', element('span', {}, code(receipt.output), ` of ${receipt.outputBytes} bytes`)],
      ['Evidence', evidence === null ? 'none is kept' : code(evidence)],
      ['Version', String(receipt.version)],
    ]),
  )
}

const group = (title: string, pairs: readonly (readonly [string, Child])[]): HTMLElement =>
  element('section', { class: 'group' }, element('h3', {}, title), rows(...pairs))

function usageRow(unit: string, used: string, { offer }: Stored): readonly [string, Child] {
  const price = (offer as { prices?: Record<string, string> } | undefined)?.prices?.[unit]
  const words = usageWords(unit, used)
  return [`Usage: ${unit}`, price === undefined ? words : `${words} at ${hed(price)} each`]
}
