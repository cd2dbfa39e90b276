/** How tokens are drawn and what is kept of it, for whoever reads or judges evidence. An engine's process loads `drawing.ts`. */
export * from './asked.ts'
export * from './candidates.ts'
export * from './draw.ts'
export * from './head.ts'
export * from './leaves.ts'
export {
  decodePositions,
  encodePositions,
  MAX_LEAF_BYTES,
  POSITIONS_PER_LEAF,
  type Position,
  type Shape,
} from './positions.ts'
export * from './proof/foreign-seed.ts'
export * from './proof/malformed-leaf.ts'
export * from './proof/overcount.ts'
export * from './proof/redraw.ts'
export * from './proofs.ts'
export * from './writer.ts'
