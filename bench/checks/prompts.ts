/** What the answers of this bench are asked for: none of it is among the prompts of a calibration. */

const WHO = [
  'Mara',
  'the baker',
  'a tall guard',
  'Tim',
  'her uncle',
  'the cat',
  'old Joss',
  'a nurse',
  'two boys',
  'Lily',
]
const DID = ['found', 'lost', 'sold', 'drew', 'buried', 'wanted', 'carried', 'broke', 'washed', 'forgot', 'painted']
const WHAT = [
  'a red cup',
  'the key',
  'a heavy box',
  'three plums',
  'the wrong hat',
  'a wet dog',
  'her coat',
  'a coin',
  'the bell',
]
const WHERE = ['by the river', 'at night', 'in the barn', 'on a hill', 'after dinner', 'near the mill', 'before school']
const THEN = ['Then', 'But', 'So', 'Suddenly', 'The next day', 'Nobody knew that', 'Once upon a time,']

const of = (list: readonly string[], i: number): string => list[i % list.length]!

/**
 * The prompt of one answer: 48,510 different ones (10 × 11 × 9 × 7 × 7), whose numbers share no factor that would make
 * them come in step.
 *
 * @example
 * ```ts
 * // sketch
 * promptAt(0) // 'Mara found a red cup by the river. Then'
 * ```
 */
export const promptAt = (i: number): string => {
  const place = Math.floor(i / 990)
  return `${of(WHO, i)} ${of(DID, i)} ${of(WHAT, i)} ${of(WHERE, place)}. ${of(THEN, Math.floor(place / 7))}`
}
