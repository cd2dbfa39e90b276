import { HeddleError } from '@heddle/protocol'

/** Puts the lines of server-sent events together to messages. */
export type Events = {
  line(line: string): void
  /** The stream has ended. Throws `engine_malformed` where it was no stream of events, with what it was as the cause. */
  end(): void
}

const DATA = 'data:'
/** Fields of an event that say nothing of an answer. */
const OTHER = /^(?::|id\b|retry\b|event\b)/

/**
 * Messages from lines, as the standard has them, and as servers write them: `data` over several lines is one message; where
 * no empty line comes between two messages, each that is whole is one; `data` without anything keeps a connection open.
 * An error comes as an event of its name, or as llama-server's own field. A server that passes over `stream` answers with one JSON
 * object, and one that stands before it with a page: whatever is no field of an event is kept until it is known what it is.
 */
export function startEvents(maxLength: number, take: (json: string) => void): Events {
  let data = ''
  let event = ''
  let stray = ''
  let any = false

  function give(json: string): void {
    any = true
    take(json)
  }
  /** An event is complete. */
  function dispatch(): void {
    const message = data.trim()
    const isError = event === 'error'
    data = ''
    event = ''
    if (message !== '') give(isError ? asError(message) : message)
  }
  function add(more: string): void {
    // Whatever stands there is whole: no empty line came between.
    if (data !== '' && isWhole(data)) dispatch()
    data = data === '' ? more : `${data}\n${more}`
    if (data.length > maxLength)
      throw new HeddleError('engine_malformed', `a message of the answer is above ${maxLength} characters`)
    // Nothing can follow it: it is not waited for whether something does.
    if (data.trim() === '[DONE]') dispatch()
  }
  return {
    line(line) {
      if (line === '') dispatch()
      else if (line.startsWith(DATA)) add(line.charCodeAt(DATA.length) === 0x20 ? line.slice(6) : line.slice(5))
      else if (line.startsWith('event:')) event = line.slice(6).trim()
      else if (line.startsWith('error:')) give(`{"error":${line.slice(6)}}`)
      else if (!OTHER.test(line)) stray = kept(stray, line, maxLength)
    },
    end() {
      dispatch()
      const text = stray.trim()
      if (any || text === '') return
      if (isWhole(text)) return give(text)
      const cause = { said: text.slice(0, 500) }
      throw new HeddleError('engine_malformed', 'the engine answers with something that is no stream of events', {
        cause,
      })
    },
  }
}

function kept(stray: string, line: string, most: number): string {
  const all = stray === '' ? line : `${stray}\n${line}`
  if (all.length > most)
    throw new HeddleError('engine_malformed', `the answer is no stream, and above ${most} characters`)
  return all
}

/** Whether a text is JSON that ends: only what looks like it is parsed. */
function isWhole(text: string): boolean {
  if (text.trim() === '[DONE]') return true
  if (!/[}\]"]\s*$/.test(text)) return false
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}

/** What an event called `error` says, in the form in which messages say it. */
function asError(message: string): string {
  if (!isWhole(message)) return JSON.stringify({ error: message })
  return /^\{\s*"error"/.test(message) ? message : `{"error":${message}}`
}
