import { commentPing, dataEvent, type Style } from '../shared/stream.ts'
import { openAiError } from './error.ts'

/** What the streams of OpenAI's older APIs say beside the answer. */
export const dataStyle: Style = { ping: commentPing, error: thrown => dataEvent(openAiError(thrown).body) }
