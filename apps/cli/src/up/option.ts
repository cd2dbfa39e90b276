import { HeddleError, parseUnits } from '@heddle/protocol'

/** Reads one text; `name` is what a complaint calls the setting. Throws `setting_invalid`. */
export type Reader<T> = (text: string, name: string) => T

/** One option of `heddle up`: everything that arguments, documentation and settings need to know of it. */
export type Option<T> = Readonly<{
  /** `--flag`; left out where a secret or an address belongs into the environment alone. */
  flag?: string
  /** `HEDDLE_…` */
  env: string
  /** What it is for, in one sentence without a full stop. */
  says: string
  /** What holds where nobody says anything, as one would write it. */
  unless?: string
  /** A switch: `--flag` alone, `--no-flag`, or `1`/`0` in the environment. */
  isSwitch?: boolean
  read: Reader<T>
}>

type Given<T> = Omit<Option<T>, 'read'> & { read: Reader<T> }

/** An option that always has a value: the one of `unless` where nobody says another. */
export const option = <T>(given: Given<T> & { unless: string }): Option<T> => given

/** An option that may be left out. */
export const optional = <T>(given: Given<T>): Option<T | undefined> => given

const complain = (name: string, wanted: string): never => {
  throw new HeddleError('setting_invalid', `${name}: ${wanted}`)
}

export const anyText: Reader<string> = text => text

/** A port from 0 (the system chooses) to 65535. */
export const port: Reader<number> = (text, name) => {
  const number = Number(text)
  return /^[0-9]{1,5}$/.test(text) && number <= 65_535 ? number : complain(name, `"${text}" is not a port`)
}

export const count =
  (least: number, most: number): Reader<number> =>
  (text, name) => {
    const number = Number(text)
    return /^[0-9]{1,15}$/.test(text) && number >= least && number <= most
      ? number
      : complain(name, `from ${least} to ${most}`)
  }

const UNITS: Readonly<Record<string, number>> = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000 }

/** A time, as milliseconds: `500ms`, `30s`, `5m`, `1h`; a number alone counts seconds. `from` and `to` in milliseconds. */
export const duration =
  (from: number, to: number): Reader<number> =>
  (text, name) => {
    const [, number, unit = 's'] = /^([0-9]{1,9}(?:\.[0-9]{1,3})?)(ms|s|m|h)?$/.exec(text) ?? []
    const milliseconds = Math.round(Number(number) * UNITS[unit]!)
    return milliseconds >= from && milliseconds <= to
      ? milliseconds
      : complain(name, `a time like 500ms, 30s or 5m, from ${asDuration(from)} to ${asDuration(to)}`)
  }

/** Milliseconds as {@link duration} reads them. */
export function asDuration(milliseconds: number): string {
  const [unit, factor] = Object.entries(UNITS).findLast(
    ([, size]) => milliseconds % size === 0 && milliseconds >= size,
  ) ?? ['ms', 1]
  return `${milliseconds / factor}${unit}`
}

const SIZES: Readonly<Record<string, number>> = { B: 1, KiB: 1 << 10, MiB: 1 << 20, GiB: 1 << 30 }

/** A size, in bytes: `64KiB`, `8MiB`; a number alone counts bytes. */
export const bytes =
  (from: number, to: number): Reader<number> =>
  (text, name) => {
    const [, number, unit = 'B'] = /^([0-9]{1,15})\s?(B|KiB|MiB|GiB)?$/.exec(text) ?? []
    const size = Number(number) * SIZES[unit]!
    return size >= from && size <= to ? size : complain(name, `a size like 64KiB or 8MiB, from ${from} to ${to} bytes`)
  }

/** Reads what another room reads, and says in its complaint which setting was meant. */
export function named<T>(name: string, read: () => T): T {
  try {
    return read()
  } catch (error) {
    return complain(name, (error as Error).message)
  }
}

/** An amount of HED, in base units. */
export const amount: Reader<bigint> = (text, name) => {
  try {
    return parseUnits(text)
  } catch {
    return complain(name, 'an amount of HED, like 0.5')
  }
}

/** One of a few words. */
export const oneOf =
  <const W extends string>(words: readonly W[]): Reader<W> =>
  (text, name) =>
    words.find(word => word === text) ?? complain(name, `one of ${words.join(', ')}`)

/** `1`, `true`, `yes`, `on`, or their contraries. */
export const yesOrNo: Reader<boolean> = (text, name) =>
  /^(1|true|yes|on)$/i.test(text) || (/^(0|false|no|off)$/i.test(text) ? false : complain(name, '1 or 0'))

/** Several, with commas between; `none` is none. */
export const list =
  <T>(read: Reader<T>): Reader<readonly T[]> =>
  (text, name) =>
    text === 'none'
      ? []
      : text
          .split(',')
          .map(one => one.trim())
          .filter(one => one !== '')
          .map(one => read(one, name))

/** An http or https address. */
export const url: Reader<string> = (text, name) =>
  URL.canParse(text) && /^https?:$/.test(new URL(text).protocol) ? text : complain(name, `"${text}" is no URL`)

/** An http or https address, or the key of a party. */
export const urlOrKey: Reader<string> = (text, name) =>
  /^0x[0-9a-f]{40}$/i.test(text) ? text.toLowerCase() : url(text, name)

/** What a complaint calls an option. */
export const nameOf = ({ flag, env }: Option<unknown>): string => (flag ? `--${flag} (${env})` : env)

/** Every value of a table of options. */
export type Values<O extends Readonly<Record<string, Option<unknown>>>> = {
  [K in keyof O]: O[K] extends Option<infer T> ? T : never
}

/** Where the values of options come from: the first that says something counts. */
export type Sources = Readonly<{
  /** By flag. */
  flags?: Readonly<Record<string, unknown>>
  environment?: Readonly<Record<string, string | undefined>>
  /** By flag: what the file of a home says. */
  file?: Readonly<Record<string, string>>
}>

/** Reads all options of a table: the flag counts, then the environment, then the file, then what holds unless. */
export function readOptions<const O extends Readonly<Record<string, Option<unknown>>>>(
  table: O,
  sources: Sources,
): Values<O> {
  const values = Object.entries(table).map(([key, one]) => [key, readOne(one, sources)] as const)
  return Object.fromEntries(values) as Values<O>
}

function readOne(one: Option<unknown>, { flags = {}, environment = {}, file = {} }: Sources): unknown {
  const flag = one.flag === undefined ? undefined : flags[one.flag]
  if (typeof flag === 'boolean') return flag
  const fromFile = one.flag === undefined ? undefined : file[one.flag]
  const text = (typeof flag === 'string' ? flag : undefined) ?? environment[one.env] ?? fromFile ?? one.unless
  if (text === undefined) return undefined
  if (text.trim() === '') throw new HeddleError('setting_invalid', `${nameOf(one)} is empty`)
  return one.read(text.trim(), nameOf(one))
}

/** The flags of a table, as the command line takes them. */
export const argumentsOf = (
  table: Readonly<Record<string, Option<unknown>>>,
): Record<string, { type: 'string' | 'boolean'; description: string }> =>
  Object.fromEntries(
    Object.values(table).flatMap(one =>
      one.flag === undefined
        ? []
        : [
            [
              one.flag,
              {
                type: one.isSwitch ? 'boolean' : 'string',
                description: `${one.says} (${one.env}${one.unless === undefined ? '' : `; ${one.unless}`})`,
              },
            ] as const,
          ],
    ),
  )
