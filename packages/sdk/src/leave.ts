import { isHeddleError, type Message } from '@heddle/protocol'
import { settle } from './answer.ts'
import type { MessageStream } from './message-stream.ts'
import { ended, letGo, lose, type Running } from './running.ts'

/** Milliseconds in which a provider must end a job that it was told to end; its receipt is asked for later then. */
const TO_END = 5_000
/** Milliseconds after which a provider is told again of a job that it did not know: it may be on its way there. */
const AGAIN = 250

/**
 * Ends a job whose asker has left, or was let down: the provider is told, and its stream is read on to the receipt of what
 * was delivered, so that what the job holds is free at once. Where neither comes, the receipt is asked for later. `unread`
 * are messages that came and that nobody has looked at.
 */
export async function leave(running: Running, stream: MessageStream, unread: readonly Message[] = []): Promise<void> {
  const { choice, id } = running
  let cut = false
  const giveUp = (): void => {
    cut = true
    stream.cancel()
  }
  const timer = setTimeout(giveUp, TO_END)
  let again: NodeJS.Timeout | undefined
  const tell = (): void => {
    choice.standing.client.stop(id).catch(error => {
      if (!isHeddleError(error, 'job_unknown')) giveUp()
      else if (!over) again = setTimeout(tell, AGAIN)
    })
  }
  let over = false
  tell()
  const known = await readOn(running, stream, unread, () => cut).catch(() => false)
  over = true
  clearTimeout(again)
  clearTimeout(timer)
  stream.cancel()
  ended(running)
  if (!known) lose(running)
}

/** Reads to the end. Gives whether it is known what the job cost. */
async function readOn(
  running: Running,
  stream: MessageStream,
  unread: readonly Message[],
  isCut: () => boolean,
): Promise<boolean> {
  for (let messages: readonly Message[] | undefined = unread; messages; ) {
    for (const message of messages) {
      if (message.kind === 'output') running.take(message.payload)
      else if (message.kind === 'receipt') {
        await settle(running, message.payload)
        return true
      } else if (message.kind === 'error') {
        await letGo(running)
        return true
      }
    }
    try {
      messages = await stream.next()
    } catch (error) {
      // What is refused before it began was never charged.
      const refused = !isCut() && isHeddleError(error) && error.code !== 'provider_unreachable'
      if (refused) await letGo(running)
      return refused
    }
  }
  return false
}
