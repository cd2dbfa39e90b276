import { type Asked, type Script, type Turn, turnOf } from './engine.ts'

/** What a schema of a person is filled with. */
export const PERSON = { name: 'Ada', age: 36 }

const TURNS: readonly Turn[] = [
  { says: 'I add first.', calls: [{ name: 'add', arguments: { a: 2, b: 3 } }] },
  {
    calls: [
      { name: 'weather', arguments: { city: 'Bern' } },
      { name: 'weather', arguments: { city: 'Oslo' } },
    ],
  },
  { calls: [{ name: 'now', arguments: {} }] },
  { says: 'Five; snow in both; noon.' },
]

const holdsPicture = ({ messages }: Asked): boolean => JSON.stringify(messages).includes('data:image/png')

/**
 * What every library is answered: with the tools `add`, `weather` and `now` several turns, two calls at once and one without
 * arguments; with any other tool, or a format, a person; with a picture what is on it.
 */
export const libraryScript: Script = asked => {
  const names = asked.tools?.map(tool => tool.function.name) ?? []
  if (names.includes('add')) return TURNS[turnOf(asked)]!
  if (names.length > 0) return { calls: [{ name: names[0]!, arguments: PERSON }] }
  if (JSON.stringify(asked.messages).includes('```json'))
    return { says: `Here:\n\`\`\`json\n${JSON.stringify(PERSON)}\n\`\`\`` }
  if (asked.response_format) return { says: JSON.stringify(PERSON) }
  return { says: holdsPicture(asked) ? 'A red dot.' : 'Hello there, friend.' }
}
