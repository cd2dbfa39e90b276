import { HeddleError } from '@heddle/protocol'

/** How an engine cuts its stream: a JSON object a line, or server-sent events with one in each. */
export type Framing = 'ndjson' | 'sse'

/** Cuts a stream of bytes into lines, and holds no more of it than one line. */
export type Lines = {
  /** Hands over the JSON of each line that these bytes complete. Throws `engine_malformed`. */
  push(bytes: Uint8Array): void
  /** The stream has ended: what came after the last line's end is a line too. */
  end(): void
}

const LINE_FEED = 0x0a
const CARRIAGE_RETURN = 0x0d

/**
 * Lines of UTF-8, ended by LF or CRLF. A line above `maxLine` characters, or a stream above `maxTotal`, is
 * `engine_malformed`: an engine that never ends a line is not waited for. What is no JSON of a message (an empty line,
 * a comment, another field of an event) is left out.
 */
export function startLines(
  framing: Framing,
  { maxLine, maxTotal }: { maxLine: number; maxTotal: number },
  take: (json: string) => void,
): Lines {
  // Bytes of a line whose end has not come. No character holds the byte of a line feed, so whole lines can be decoded.
  let held: Uint8Array[] = []
  let length = 0
  let total = 0

  function decode(bytes: Uint8Array): string {
    const all = held.length === 0 ? bytes : Buffer.concat([...held, bytes])
    held = []
    length = 0
    return (Buffer.isBuffer(all) ? all : Buffer.from(all.buffer, all.byteOffset, all.byteLength)).toString('utf8')
  }
  function line(text: string, from: number, to: number): void {
    if (to - from > maxLine) throw tooLong(maxLine)
    const end = text.charCodeAt(to - 1) === CARRIAGE_RETURN ? to - 1 : to
    if (end <= from) return
    const json = dataOf(text.slice(from, end), framing)
    if (json !== undefined) take(json)
  }
  return {
    push(part) {
      total += part.length
      if (total > maxTotal) throw new HeddleError('engine_malformed', `the answer is above ${maxTotal} bytes`)
      const rest = part.lastIndexOf(LINE_FEED) + 1
      if (rest > 0) {
        const text = decode(rest === part.length ? part : part.subarray(0, rest))
        let from = 0
        for (let to = text.indexOf('\n'); to >= 0; to = text.indexOf('\n', from)) {
          line(text, from, to)
          from = to + 1
        }
      }
      if (rest === part.length) return
      held.push(part.subarray(rest))
      length += part.length - rest
      if (length > maxLine) throw tooLong(maxLine)
    },
    end() {
      const text = decode(EMPTY)
      line(text, 0, text.length)
    },
  }
}

const EMPTY = new Uint8Array(0)

const tooLong = (most: number): HeddleError =>
  new HeddleError('engine_malformed', `a line of the answer is above ${most} characters`)

function dataOf(line: string, framing: Framing): string | undefined {
  if (framing === 'ndjson') return line.trim() === '' ? undefined : line
  if (line.startsWith('data:')) return line.charCodeAt(5) === 0x20 ? line.slice(6) : line.slice(5)
  // llama-server writes an error that happens mid-stream as a field of its own.
  return line.startsWith('error:') ? `{"error":${line.slice(6)}}` : undefined
}
