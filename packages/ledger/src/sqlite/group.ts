import type { Write } from '../ledger.ts'
import { type Row, type StoredValue, sharedColumns, type TableName, tables, toStored } from '../tables.ts'
import type { StoredWrite } from './messages.ts'
import type { SharedTexts } from './shared-texts.ts'

/**
 * The changes of a group of commits as one list. A row that is put several times in one group is written once, as it
 * was put last: nobody can see a transaction's inside, and a busy channel's row is in every commit.
 */
export function writesOf(commits: readonly (readonly Write[])[], texts: SharedTexts): StoredWrite[] {
  const writes: (StoredWrite | undefined)[] = []
  const places = new Map<string, number>()
  for (const commit of commits) {
    for (const write of commit) {
      if ('put' in write) {
        const values = toStored(write.put, write.row as Row<typeof write.put>)
        for (const place of sharedPlaces[write.put]) {
          const text = values[place]
          if (typeof text !== 'string') continue
          const { digest, isNew } = texts.digest(text)
          values[place] = digest
          if (isNew) writes.push(['texts', digest, text])
        }
        const key = keyOf(write.put, values)
        const before = places.get(key)
        if (before !== undefined) writes[before] = undefined
        places.set(key, writes.length)
        writes.push([write.put, ...values])
      } else {
        // What is taken away may be put again: rows from before stay before.
        places.clear()
        writes.push(write)
      }
    }
  }
  return writes.filter(write => write !== undefined)
}

const placesOf = (names: (table: TableName) => readonly string[]): Record<TableName, number[]> =>
  Object.fromEntries(
    Object.entries(tables).map(([table, { columns }]) => {
      const order = Object.keys(columns)
      return [table, names(table as TableName).map(name => order.indexOf(name))]
    }),
  ) as Record<TableName, number[]>

const sharedPlaces = placesOf(sharedColumns)
const keyPlaces = placesOf(table => tables[table].key)

const keyOf = (table: TableName, values: readonly StoredValue[]): string =>
  `${table}\u0000${keyPlaces[table].map(place => values[place]).join('\u0000')}`
