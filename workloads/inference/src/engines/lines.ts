import { HeddleError } from '@heddle/protocol'
import { startEvents } from './sse.ts'

/** How an engine cuts its stream: a JSON object a line, or server-sent events with one in each. */
export type Framing = 'ndjson' | 'sse'

/** Cuts a stream of bytes into messages, and holds no more of it than one of them. */
export type Lines = {
  /** Hands over the JSON of each message that these bytes complete. Throws `engine_malformed`. */
  push(bytes: Uint8Array): void
  /** The stream has ended: what came after the last line's end is a line too. */
  end(): void
}

const LINE_FEED = 0x0a
const CARRIAGE_RETURN = 0x0d
const BYTE_ORDER_MARK = '\ufeff'

/**
 * Lines of UTF-8, ended by LF or CRLF, of server-sent events also by CR alone. A message above `maxLine` characters, or a
 * stream above `maxTotal`, is `engine_malformed`: an engine that never ends a line is not waited for.
 */
export function startLines(
  framing: Framing,
  { maxLine, maxTotal }: { maxLine: number; maxTotal: number },
  take: (json: string) => void,
): Lines {
  // Bytes of a line whose end has not come. No character holds the byte of a line's end, so whole lines can be decoded.
  let held: Uint8Array[] = []
  let length = 0
  let total = 0
  let begins = true
  /** The last byte was a carriage return, which ended its line: a line feed after it is the same end. */
  let returned = false
  const events = framing === 'sse' ? startEvents(maxLine, take) : undefined
  const lineEnds = framing === 'sse' ? /\r\n|\n|\r/ : /\r?\n/

  function decode(bytes: Uint8Array): string {
    const all = held.length === 0 ? bytes : Buffer.concat([...held, bytes])
    held = []
    length = 0
    const text = (Buffer.isBuffer(all) ? all : Buffer.from(all.buffer, all.byteOffset, all.byteLength)).toString('utf8')
    if (!begins || text === '') return text
    begins = false
    return text.startsWith(BYTE_ORDER_MARK) ? text.slice(1) : text
  }
  function line(text: string): void {
    if (text.length > maxLine) throw tooLong(maxLine)
    if (events) events.line(text)
    else if (text.trim() !== '') take(text)
  }
  return {
    push(bytes) {
      if (bytes.length === 0) return
      total += bytes.length
      if (total > maxTotal) throw new HeddleError('engine_malformed', `the answer is above ${maxTotal} bytes`)
      const part = returned && bytes[0] === LINE_FEED ? bytes.subarray(1) : bytes
      returned = events !== undefined && bytes.at(-1) === CARRIAGE_RETURN
      const end = Math.max(part.lastIndexOf(LINE_FEED), events ? part.lastIndexOf(CARRIAGE_RETURN) : -1) + 1
      if (end > 0) {
        const lines = decode(end === part.length ? part : part.subarray(0, end)).split(lineEnds)
        // What comes after the last end is empty.
        for (let i = 0; i < lines.length - 1; i++) line(lines[i]!)
      }
      if (end === part.length) return
      held.push(part.subarray(end))
      length += part.length - end
      if (length > maxLine) throw tooLong(maxLine)
    },
    end() {
      const text = decode(EMPTY)
      if (text !== '') line(text)
      events?.end()
    },
  }
}

const EMPTY = new Uint8Array(0)

const tooLong = (most: number): HeddleError =>
  new HeddleError('engine_malformed', `a line of the answer is above ${most} characters`)
