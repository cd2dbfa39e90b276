import { type Frame, isHeddleError, signRead } from '@heddle/protocol'
import { settle } from './answer.ts'
import type { FrameStream } from './frame-stream.ts'
import { ended, letGo, lose, type Running } from './running.ts'

/** Milliseconds in which a provider must end a job that it was told to end; its receipt is asked for later then. */
const TO_END = 5_000
/** Milliseconds after which a provider is told again of a job that it did not know: it may be on its way there. */
const AGAIN = 250

/**
 * Ends a job whose asker has left, or was let down: the provider is told, and its stream is read on to the receipt of what
 * was delivered, so that what the job holds is free at once. Where neither comes, the receipt is asked for later. `unread`
 * are frames that came and that nobody has looked at.
 */
export async function leave(running: Running, stream: FrameStream, unread: readonly Frame[] = []): Promise<void> {
  const { asking, choice, signed, id } = running
  const { channel } = signed.job
  let cut = false
  const giveUp = (): void => {
    cut = true
    stream.cancel()
  }
  const timer = setTimeout(giveUp, TO_END)
  const read = signRead(asking.domain, channel, asking.authorizer)
  let again: NodeJS.Timeout | undefined
  const tell = (): void => {
    choice.standing.client.stop(id, read).catch(error => {
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
  stream: FrameStream,
  unread: readonly Frame[],
  isCut: () => boolean,
): Promise<boolean> {
  for (let frames: readonly Frame[] | undefined = unread; frames; ) {
    for (const frame of frames) {
      if (frame.kind === 'output') running.take(frame.payload)
      else if (frame.kind === 'receipt') {
        await settle(running, frame.payload)
        return true
      } else if (frame.kind === 'error') {
        await letGo(running)
        return true
      }
    }
    try {
      frames = await stream.next()
    } catch (error) {
      // What is refused before it began was never charged.
      const refused = !isCut() && isHeddleError(error) && error.code !== 'provider_unreachable'
      if (refused) await letGo(running)
      return refused
    }
  }
  return false
}
