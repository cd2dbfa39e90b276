import { type Digest, digestOf, utf8 } from '@heddle/protocol'
import { z } from 'zod'
import { callId, toolName } from './fields.ts'

/** Longest name of a tool that every engine takes. */
const MAX_NAME = 64

const markOf = (text: string, length: number): string =>
  (digestOf(utf8(text.toWellFormed())) as Digest).slice(2, 2 + length)

/**
 * The name by which an engine knows a tool: the client's, or of one that is too long for engines, or has other characters
 * than they take, so much that no two become one.
 *
 * @example
 * ```ts
 * // sketch
 * engineName('weather') // 'weather'
 * engineName('mcp__'.repeat(20)) // 'mcp__mcp__…_5c1d0e1f2a3b', of 64 characters
 * ```
 */
export function engineName(name: string): string {
  if (toolName.safeParse(name).success) return name
  const mark = markOf(name, 12)
  return `${name.replace(/[^a-zA-Z0-9_-]/g, '_').slice(0, MAX_NAME - mark.length - 1)}_${mark}`
}

const engineId = (id: string): string => (callId.safeParse(id).success ? id : `call_${markOf(id, 24)}`)

// A call that is sent back was handed out by some house, this one or another, and a conversation goes on from any answer:
// whatever its model called it, and whatever its id is, it is told as engines take it.
export const calledName = z.string().min(1).transform(engineName)
export const calledId = z.string().min(1).transform(engineId)
