import type { Path } from './path.ts'
import type { Entry, Store } from './store.ts'

/** What a listing tells of a name: an entry, or as much without objects of dates, times in milliseconds since 1970. */
export interface Row extends Pick<Entry, 'name' | 'kind' | 'size' | 'fixed'> {
  readonly modified: Date | number
  readonly created?: Date | number | undefined
  readonly mode?: number | undefined
  readonly owner?: string | undefined
  readonly group?: string | undefined
  readonly links?: number | undefined
  readonly target?: string | undefined
  readonly id?: string | undefined
}

/** Tells a batch row by row. They may all be one object, which is the next one afterwards: nobody keeps it. */
export type Rows = (tell: (row: Row) => void) => void

/** The rows of a directory: of a store that has only entries, those. */
export function rowsIn(store: Store, path: Path): AsyncIterable<Rows> {
  return store.rows?.(path) ?? rowsOfEntries(store.list(path))
}

/** What is there already, as rows. */
export function rowsOf(all: readonly Row[]): Rows {
  return (tell) => {
    for (const row of all) tell(row)
  }
}

/** Those rows alone whose names are wanted. */
export function rowsNamed(rows: Rows, wanted: (name: string) => boolean): Rows {
  return (tell) =>
    rows((row) => {
      if (wanted(row.name)) tell(row)
    })
}

async function* rowsOfEntries(batches: AsyncIterable<readonly Entry[]>): AsyncGenerator<Rows> {
  for await (const batch of batches) yield rowsOf(batch)
}
