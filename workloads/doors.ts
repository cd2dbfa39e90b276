import { anthropicDoor, ollamaDoor, openAiDoor } from '@heddle/inference/door'
import type { Door } from '@heddle/protocol'

/** Every door: a new workload adds a line. */
export const doors: readonly Door[] = [openAiDoor, anthropicDoor, ollamaDoor]
