import { type Field, integer } from './field.ts'
import { malformed, readByte, writeByte } from './place.ts'

/** 0 for null; 1 and the value otherwise. */
export const nullable = <T>(field: Field<T>): Field<T | null> => ({
  write(to, value) {
    writeByte(to, value === null ? 0 : 1)
    if (value !== null) field.write(to, value)
  },
  read(from) {
    const flag = readByte(from)
    if (flag > 1) throw malformed('neither yes nor no')
    return flag === 0 ? null : field.read(from)
  },
})

/** How many there are, at most `most`, and each. */
export function list<T>(most: number, field: Field<T>): Field<readonly T[]> {
  const count = integer(0, most)
  return {
    write(to, values) {
      count.write(to, values.length)
      for (const value of values) field.write(to, value)
    },
    read: from => Array.from({ length: count.read(from) }, () => field.read(from)),
  }
}

/** How many members there are, at most `most`, and each with its name, in the order of canonical JSON. */
export function record<V>(most: number, name: Field<string>, value: Field<V>): Field<Readonly<Record<string, V>>> {
  const count = integer(0, most)
  return {
    write(to, members) {
      const names = Object.keys(members).sort()
      count.write(to, names.length)
      for (const one of names) {
        if (one === '__proto__') throw malformed('not a name: __proto__')
        name.write(to, one)
        value.write(to, members[one]!)
      }
    },
    read(from) {
      const members: Record<string, V> = {}
      let before: string | undefined
      for (let left = count.read(from); left > 0; left--) {
        const one = name.read(from)
        if (one === '__proto__') throw malformed('not a name: __proto__')
        if (before !== undefined && one <= before) throw malformed('names out of order')
        before = one
        members[one] = value.read(from)
      }
      return members
    },
  }
}

/** Members without their names, in the order in which they are given here. */
export function object<T extends object>(fields: { readonly [K in keyof T]: Field<T[K]> }): Field<T> {
  const members = Object.entries(fields) as [keyof T, Field<T[keyof T]>][]
  // A copy of one that has all its members is read several times as fast as one to which they were added.
  const blank = JSON.parse(JSON.stringify(fields, (name, value) => (name === '' ? value : null))) as T
  return {
    write(to, value) {
      if (Object.keys(value).length !== members.length) throw malformed('a member missing, or one more')
      for (const [name, field] of members) field.write(to, value[name])
    },
    read(from) {
      const value = { ...blank }
      for (const [name, field] of members) value[name] = field.read(from)
      return value
    },
  }
}
