import type { Random } from './sample.ts'

const TOPICS = [
  'the history of bread',
  'how tides work',
  'a small garden on a balcony',
  'learning to play the cello',
  'why leaves change colour',
  'a week of cheap dinners',
  'repairing an old bicycle',
  'the causes of the French Revolution',
  'training for a ten kilometre run',
  'how vaccines are tested',
  'moving to another city',
  'a birthday party for a six year old',
  'sorting algorithms',
  'writing a cover letter',
  'the water cycle',
  'keeping bees',
  'how a refrigerator works',
  'a book club that meets online',
  'the rules of chess',
  'saving for a first flat',
  'migrating birds',
  'a talk in front of colleagues',
  'volcanoes in Iceland',
  'houseplants that need little light',
  'a SQL query that got slow',
  'how elections are counted',
  'travelling by night train',
  'black holes',
  'an apology to a neighbour',
  'brewing better coffee',
] as const

const ASKS = [
  (topic: string) => `Explain ${topic} in simple words.`,
  (topic: string) => `What should I know about ${topic}?`,
  (topic: string) => `Give me five facts about ${topic}.`,
  (topic: string) => `Write a short paragraph on ${topic}.`,
  (topic: string) => `I am curious about ${topic}. Where would I begin?`,
  (topic: string) => `Write a friendly email about ${topic}.`,
  (topic: string) => `What do people often get wrong about ${topic}?`,
  (topic: string) => `Make a list of questions that a beginner has about ${topic}.`,
  (topic: string) => `Compare two ways to think about ${topic}.`,
  (topic: string) => `Tell me a story in which ${topic} plays a part.`,
] as const

/** What people say before or after their question, in no order. */
const SAYINGS = [
  'I read something about it yesterday and was not sure whether to believe it.',
  'My sister asked me the same thing last week.',
  'Please keep it short, I only have a few minutes.',
  'I have tried twice already and it did not go well.',
  'Assume that I know nothing at all.',
  'It is for a class of teenagers, so an example or two would help.',
  'Last time the answer was full of jargon.',
  'We talked about it at lunch and could not agree.',
  'I would like to sound confident but not arrogant.',
  'There is not much money for it, perhaps fifty euros.',
  'Numbers are fine as long as you say where they come from.',
  'If there is more than one opinion, give me both.',
  'I live in a small town in the north, in case that matters.',
  'Do not repeat the question, just go ahead.',
  'The deadline is on Friday, which is a little tight.',
  'Two friends will help me, neither of them is an expert.',
  'It does not have to be perfect.',
  'Before that I used to do it by hand, which took hours.',
  'Something that surprised you would be nice too.',
  'I have looked at three websites and they all say something else.',
] as const

export const pick = <T>(list: readonly T[], random: Random): T =>
  list[Math.min(list.length - 1, Math.floor(random() * list.length))]!

/** An ordinary question of about so many characters: a question, and sentences around it. */
export function writePrompt(characters: number, random: Random): string {
  const question = pick(ASKS, random)(pick(TOPICS, random))
  const before: string[] = []
  const after: string[] = []
  for (let length = question.length; ; ) {
    const saying = pick(SAYINGS, random)
    if (length + saying.length + 1 > characters) break
    const side = random() < 0.5 ? before : after
    side.push(saying)
    length += saying.length + 1
  }
  return [...before, question, ...after].join(' ')
}
