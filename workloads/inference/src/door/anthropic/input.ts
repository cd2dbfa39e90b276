import { wholeArguments } from '../../arguments.ts'

/** The arguments of one call as parts of an object: an object leaves as it comes, anything else as one at its end. */
export function startInput(): { add(json: string): string; end(): string } {
  let held = ''
  let leaves = false
  return {
    add(json) {
      if (leaves) return json
      held += json
      leaves = held.trimStart().startsWith('{')
      return leaves ? held : ''
    },
    end: () => (leaves || held.trim() === '' ? '' : wholeArguments(held)),
  }
}
