import type { KeptTransaction, TransactionStore } from '@heddle/chain'
import { type Ledger, put } from '@heddle/ledger'

/** Where an outbox keeps its transactions when none may be lost: in the ledger of its house. */
export const keptInLedger = (ledger: Ledger): TransactionStore => ({
  all: async () => (await ledger.read('transactions', { order: { by: 'nonce' } })) as KeptTransaction[],
  waiting: async sender =>
    (await ledger.read('transactions', { where: { sender, state: 'sent' } })) as KeptTransaction[],
  keep: transaction => ledger.commit(put('transactions', transaction)),
})
