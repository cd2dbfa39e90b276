import { parentPort } from 'node:worker_threads'
import { type Media, rewriteImage } from './decode.ts'

/** The thread that images are decoded in. It may be killed at any moment: it holds nothing. */
parentPort?.on('message', ({ file, media }: { file: Uint8Array; media: Media }) => {
  try {
    const written = rewriteImage(Buffer.from(file.buffer, file.byteOffset, file.byteLength), media)
    parentPort?.postMessage({ written })
  } catch (error) {
    const message = error instanceof Error ? error.message : 'cannot be read'
    parentPort?.postMessage({ refused: message.slice(0, 200) })
  }
})
