/** The same without the members that are undefined. */
export type Given<T> = { [K in keyof T as undefined extends T[K] ? never : K]: T[K] } & {
  [K in keyof T as undefined extends T[K] ? K : never]?: Exclude<T[K], undefined>
}

/**
 * Leaves out what is undefined: an option that is left out is as usual, one that is undefined is a mistake.
 *
 * @example
 * ```ts
 * import { given } from '@heddle/protocol'
 * given({ port: 0, ping: undefined }) // { port: 0 }
 * ```
 */
export const given = <T extends object>(members: T): Given<T> =>
  Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined)) as Given<T>
