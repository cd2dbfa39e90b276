import type { Receipt } from '@heddle/protocol'

/** True of a receipt for work of this kind, the one that these proofs know; the contracts know the same. */
export const isInference = ({ workload }: Receipt): boolean => workload === 'inference'
