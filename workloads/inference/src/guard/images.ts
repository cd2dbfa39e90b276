import { Worker } from 'node:worker_threads'
import { HeddleError } from '@heddle/protocol'
import { type ImagePart, type InferenceSpec, imagesOf } from '../spec.ts'

/** Decodes the images of a request, one at a time, apart from the daemon's own thread. */
export type ImageGuard = {
  /** The spec with every image written anew. Throws `bad_request` that names the image. */
  clean<S extends InferenceSpec>(spec: S): Promise<S>
  stop(): Promise<void>
}

type Answer = { written?: Uint8Array; refused?: string }

const DECODE_MS = 10_000
const HEAP_MB = 128

/**
 * Images are decoded and written anew before an engine sees them, in a thread that is killed when one takes too long
 * or brings it down; the next image gets a new thread.
 *
 * @example
 * ```ts
 * // sketch
 * const images = startImageGuard()
 * const safe = await images.clean(spec)
 * ```
 */
export function startImageGuard(limitMs = DECODE_MS): ImageGuard {
  let thread: Worker | undefined
  let last: Promise<unknown> = Promise.resolve()

  function start(): Worker {
    const started = new Worker(new URL('./thread.ts', import.meta.url), {
      resourceLimits: { maxOldGenerationSizeMb: HEAP_MB },
    })
    started.unref()
    return started
  }

  function rewrite(image: ImagePart): Promise<Answer> {
    thread ??= start()
    const current = thread
    current.ref()
    return new Promise(resolve => {
      const end = (answer: Answer, broken: boolean) => {
        clearTimeout(timer)
        current.off('message', heard).off('error', broke).off('exit', broke)
        current.unref()
        if (broken) {
          if (thread === current) thread = undefined
          current.on('error', () => undefined)
          void current.terminate()
        }
        resolve(answer)
      }
      const heard = (answer: Answer) => end(answer, false)
      const broke = () => end({ refused: 'cannot be read' }, true)
      const timer = setTimeout(() => end({ refused: `takes more than ${limitMs} ms to read` }, true), limitMs)
      current.on('message', heard).on('error', broke).on('exit', broke)
      current.postMessage({ file: Buffer.from(image.data, 'base64'), media: image.media })
    })
  }

  return {
    async clean(spec) {
      if (imagesOf(spec).length === 0 || spec.task !== 'chat') return spec
      const messages = []
      for (const [i, message] of spec.messages.entries()) {
        if (message.role !== 'user' || typeof message.content === 'string') {
          messages.push(message)
          continue
        }
        const content = []
        for (const [j, part] of message.content.entries()) {
          if (part.type !== 'image') content.push(part)
          else {
            const turn = last.then(() => rewrite(part))
            last = turn
            const { written, refused } = await turn
            if (!written) {
              const param = `messages.${i}.content.${j}`
              throw new HeddleError('bad_request', `${param}: the image ${refused ?? 'cannot be read'}`, {
                cause: { param },
              })
            }
            content.push({ type: 'image' as const, media: 'image/png' as const, data: base64(written) })
          }
        }
        messages.push({ ...message, content })
      }
      return { ...spec, messages }
    },
    async stop() {
      thread?.on('error', () => undefined)
      await thread?.terminate()
      thread = undefined
    },
  }
}

const base64 = (bytes: Uint8Array): string =>
  Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('base64')
