import { HeddleError } from '@heddle/protocol'

/** Cuts a stream of bytes into lines, and holds no more of it than one line. */
export type Lines = {
  /** The lines that these bytes complete, without their ends. Throws `engine_malformed`. */
  push(bytes: Uint8Array): string[]
  /** What came after the last line's end. */
  rest(): string
}

/**
 * Lines of UTF-8, ended by LF or CRLF. A line above `maxLine` UTF-16 units, or a stream above `maxTotal` bytes, is
 * `engine_malformed`: an engine that never ends a line is not waited for.
 */
export function startLines(maxLine: number, maxTotal: number): Lines {
  const decoder = new TextDecoder('utf-8', { ignoreBOM: true })
  let rest = ''
  let total = 0
  return {
    push(bytes) {
      total += bytes.length
      if (total > maxTotal) throw new HeddleError('engine_malformed', `the answer is above ${maxTotal} bytes`)
      const lines = (rest + decoder.decode(bytes, { stream: true })).split('\n')
      rest = lines.pop()!
      if (rest.length > maxLine || lines.some(line => line.length > maxLine))
        throw new HeddleError('engine_malformed', `a line of the answer is above ${maxLine} characters`)
      return lines.map(line => (line.endsWith('\r') ? line.slice(0, -1) : line))
    },
    rest: () => rest,
  }
}

/** How an engine cuts its stream: a JSON object a line, or server-sent events with one in each. */
export type Framing = 'ndjson' | 'sse'

/** The JSON of one line, or nothing: an empty line, a comment, another field of an event. */
export function dataOf(line: string, framing: Framing): string | undefined {
  if (framing === 'ndjson') return line.trim() === '' ? undefined : line
  // llama-server writes an error that happens mid-stream as a field of its own.
  if (line.startsWith('error:')) return `{"error":${line.slice(6)}}`
  return line.startsWith('data:') ? line.slice(5).trimStart() : undefined
}
