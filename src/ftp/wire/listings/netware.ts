import { columns } from './columns.ts'
import type { ReadLine } from './listed.ts'

/** NetWare and its kin: `d [R----F--] supervisor   512  Jan 16 18:53  name`, also `-[RWCEAFMS] …` without a space. */
export const netware: ReadLine = (words, reading) => {
  const begin = /^([-dlD])\s{0,4}\[[-A-Z ]{1,12}\]/u.exec(
    words.line.slice(words.start(0), words.start(0) + 24),
  )
  if (!begin) return undefined
  let first = 0
  while (first < words.count && words.start(first) < words.start(0) + begin[0].length) first += 1
  const found = columns(words, first, reading)
  const name = found?.name.trimStart()
  if (!found || !name) return undefined
  return {
    name,
    kind: begin[1]?.toLowerCase() === 'd' ? 'directory' : 'file',
    size: found.size,
    rounded: found.rounded,
    modified: found.modified,
    owner: found.owner,
    group: found.group,
    links: found.links,
    family: 'netware',
    confidence: found.confidence,
  }
}
