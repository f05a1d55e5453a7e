import { remark, type ReadLine } from './listed.ts'

/** Where the memory of a file may end beyond its bytes. */
const widest = 4096

/** Xecom's MicroRTOS tells where files begin and end in memory, and their bytes: ` A0000   A0B7F     2882   INDEX.CGI`. */
export const microRtos: ReadLine = (words) => {
  if (words.count < 4 || !isPlace(words.at(0)) || !isPlace(words.at(1))) return undefined
  const size = words.number(2)
  const room = Number.parseInt(words.at(1), 16) - Number.parseInt(words.at(0), 16) + 1
  if (size === undefined || room < size || room > size + widest) return undefined
  const name = words.from(3).trimEnd()
  if (name === '<deleted file>') return remark
  return { name, kind: 'file', size, family: 'other', confidence: 'likely' }
}

function isPlace(word: string): boolean {
  return /^[\dA-F]{4,8}$/u.test(word)
}
