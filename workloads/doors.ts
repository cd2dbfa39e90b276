import {
  answerIn,
  anthropicDoor,
  continuing,
  goesOnFrom,
  ollamaDoor,
  openAiDoor,
  type Request,
  requestFor,
  type Turn,
} from '@heddle/inference/door'
import type { Door } from '@heddle/protocol'

/** Every door: a new workload adds a line. */
export const doors: readonly Door[] = [openAiDoor, anthropicDoor, ollamaDoor]

/** How a question of a workload is asked again through its door. */
export type Again = {
  /** The request that becomes this spec; nothing where there is none. */
  requestFor(spec: unknown, model: string): Request | undefined
  /** The text of an answer in JSON, where a conversation can go on from it. */
  answerIn(json: unknown): string | undefined
  /** Whether a turn goes on from an earlier one, and the turn with the answers of now in it. */
  goesOnFrom(spec: unknown, earlier: unknown): boolean
  continuing(spec: unknown, turns: readonly Turn[]): unknown
}

/** By workload: one that cannot ask again has no line. */
export const agains: ReadonlyMap<string, Again> = new Map([
  ['inference', { requestFor, answerIn, goesOnFrom, continuing }],
])
