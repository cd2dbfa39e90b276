import { type Digest, digestSchema, HeddleError } from '@heddle/protocol'
import type { z } from 'zod'

/** What a call takes, as its schema has it. Throws `bad_request` with the path to what is wrong. */
export function readBody<T>(schema: z.ZodType<T>, body: unknown): T {
  const read = schema.safeParse(body)
  if (read.success) return read.data
  const [issue] = read.error.issues
  throw new HeddleError('bad_request', issue && [issue.path.join('.'), issue.message].filter(Boolean).join(': '))
}

/** The id of a channel: a hash, so who knows one is party to it. Throws `bad_request`. */
export function channelIdOf(value: unknown): Digest {
  const id = digestSchema.safeParse(value)
  if (!id.success) throw new HeddleError('bad_request', 'id: not a channel id')
  return id.data
}
