import type { EntryKind } from '../../../core/store.ts'
import type { ReadLine } from './listed.ts'

/** Easily Parsed LIST Format: `+i8388621.48594,m825718503,r,s280,up755`, a tab, the name. */
export const eplf: ReadLine = ({ line }) => {
  if (line.charCodeAt(0) !== 43) return undefined
  const tab = line.indexOf('\t')
  const end = tab < 0 ? line.indexOf(' ') : tab
  const name = line.slice(end + 1)
  if (end < 0 || name === '') return undefined
  let kind: EntryKind | undefined
  let size: number | undefined
  let seconds: number | undefined
  let mode: number | undefined
  let id: string | undefined
  for (const fact of line.slice(1, end).split(',')) {
    const value = fact.slice(1)
    if (fact === '/') kind = 'directory'
    else if (fact === 'r') kind ??= 'file'
    else if (fact.startsWith('s') && /^\d{1,16}$/u.test(value)) size = Number(value)
    else if (fact.startsWith('m') && /^-?\d{1,12}$/u.test(value)) seconds = Number(value)
    else if (/^up[0-7]{1,4}$/u.test(fact)) mode = Number.parseInt(fact.slice(2), 8)
    else if (fact.startsWith('i') && value !== '') id = value
  }
  return {
    name,
    kind: kind ?? (size === undefined ? 'other' : 'file'),
    size,
    mode,
    id,
    modified: seconds === undefined ? undefined : { ms: seconds * 1000, precision: 'second', zone: 'utc' },
    family: 'eplf',
    confidence: kind === undefined ? 'likely' : 'sure',
  }
}
