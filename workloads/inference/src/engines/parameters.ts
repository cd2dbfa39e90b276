import { parseOrdered } from '@heddle/protocol'
import type { Tool } from '../spec.ts'

/** What a tool takes, as JSON whose members keep their order; of one that says nothing, no arguments. */
export const parametersOf = ({ parameters = '{"type":"object","properties":{}}' }: Tool): unknown =>
  parseOrdered(parameters)
