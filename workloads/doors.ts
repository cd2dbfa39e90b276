import type { Door } from '@heddle/protocol'
import { openAiDoor } from '@heddle/inference/door'

/** Every door: a new workload adds a line. */
export const doors: readonly Door[] = [openAiDoor]
