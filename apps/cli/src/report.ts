import { toHeddleError } from '@heddle/protocol'

/** The flags that every command has. */
export const commonArgs = {
  home: { type: 'string', description: 'Where this installation lives (HEDDLE_HOME; where a house runs; ~/.heddle)' },
  json: { type: 'boolean', description: 'Print JSON', default: false },
} as const

const toJson = (_: string, value: unknown): unknown => (typeof value === 'bigint' ? value.toString() : value)

export const printJson = (value: unknown): void => console.log(JSON.stringify(value, toJson, 2))

/**
 * Runs a command; an error is printed with its fix, and as JSON with `--json`. Exit code 1, or 2 where
 * nothing was done: the command line is wrong, or a retry may help.
 */
export async function report(args: { json: boolean }, run: () => Promise<void>): Promise<void> {
  try {
    await run()
  } catch (thrown) {
    const error = toHeddleError(thrown)
    if (args.json) printJson({ error: error.toJSON() })
    else {
      console.error(`✗ ${error.message}  (${error.code})`)
      console.error(`  ${error.fix}${error.retryable ? ' A retry may help.' : ''}`)
    }
    process.exitCode = error.retryable || error.code === 'usage_wrong' ? 2 : 1
  }
}

/** Rows as aligned columns. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = head.map((title, i) => Math.max(title.length, ...rows.map(row => row[i]?.length ?? 0)))
  const line = (cells: readonly string[]): string =>
    cells
      .map((cell, i) => cell.padEnd(widths[i]!))
      .join('  ')
      .trimEnd()
  return [line(head), ...rows.map(line)].join('\n')
}

export const short = (hex: string): string => (hex.length > 18 ? `${hex.slice(0, 10)}…${hex.slice(-6)}` : hex)
