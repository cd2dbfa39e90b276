export type { Apart, Finding } from './finding.ts'
export { type Reconciliation, reconcile } from './reconcile.ts'
export { callWitness, type Witness } from './witness.ts'
