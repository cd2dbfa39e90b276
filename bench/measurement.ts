/** One measured number. `goal` is a bound such as '<= 40'; a number without one is printed for comparison. */
export type Measurement = {
  bench: string
  metric: string
  value: number
  unit: string
  goal: string | null
  holds: boolean | null
  peer?: string
  ratio?: number
}

/** Makes measurements of one bench. */
export const measurementsOf =
  (bench: string) =>
  (
    metric: string,
    value: number,
    unit: string,
    goal: string | null = null,
    more: { peer?: string; ratio?: number } = {},
  ): Measurement => ({
    bench,
    metric,
    // To the thousandth; of what is small, four digits.
    value: Math.abs(value) < 0.1 ? Number(value.toPrecision(4)) : Math.round(value * 1000) / 1000,
    unit,
    goal,
    holds: goal === null ? null : holdsFor(value, goal),
    ...more,
  })

function holdsFor(value: number, goal: string): boolean {
  const [comparison, bound] = goal.split(' ')
  return comparison === '<=' ? value <= Number(bound) : value >= Number(bound)
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b)
  const middle = sorted.length >> 1
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2
}
