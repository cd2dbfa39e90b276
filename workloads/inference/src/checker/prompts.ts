/** Beginnings of sentences that nobody trains on in this order: what calibration asks where it is given nothing else. */
const SUBJECTS = [
  'a loom',
  'the tide',
  'bread that does not rise',
  'a train that is late',
  'two friends and a kite',
  'the colour of leaves',
  'a lighthouse',
  'why ice floats',
  'a map of a small town',
  'an old clock',
  'rain on a roof',
  'the number seven',
  'a garden in winter',
  'how to tie a knot',
  'a lost letter',
  'the first day of school',
]
const QUESTIONS = [
  (it: string) => `Tell me something about ${it}.`,
  (it: string) => `Write a short story with ${it} in it.`,
  (it: string) => `What should one know about ${it}?`,
  (it: string) => `Explain ${it} to a child, step by step.`,
]

/** Prompts for calibration: sixty-four, all different. */
export const calibrationPrompts: readonly string[] = QUESTIONS.flatMap(ask => SUBJECTS.map(ask))
