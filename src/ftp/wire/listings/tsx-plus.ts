import { remark, type Found, type ReadLine } from './listed.ts'
import type { Words } from './words.ts'

const block = 512

/**
 * TSX+, several files a line with their blocks: `main.c   5   data.txt   12   tools.dsk   8`, where a disk in a file is a directory.
 * Only the sum below them shows what they are: `Directory [du3:/tools/*.*] / 3 Files / 25 Blocks`; then they are read again.
 */
export const tsxPlus: ReadLine = (words, reading) => {
  if (
    /^\s*Directory\s+\[[^\]]{1,200}\]\s*\/\s*\d{1,6}\s+Files?\s*\/\s*\d{1,9}\s+Blocks?/iu.test(words.line)
  ) {
    reading.learnBlocks()
    return remark
  }
  if (!reading.countsBlocks || words.count % 2 !== 0) return undefined
  const found: Found[] = []
  for (let at = 0; at < words.count; at += 2) {
    const entry = fileAt(words, at)
    if (!entry) return undefined
    found.push(entry)
  }
  return found
}

function fileAt(words: Words, at: number): Found | undefined {
  const [, name, ending] = /^([\w$-]{1,30})\.([\w$]{0,10})$/u.exec(words.at(at)) ?? []
  const blocks = words.number(at + 1)
  if (name === undefined || blocks === undefined) return undefined
  const isDirectory = ending?.toLowerCase() === 'dsk'
  return {
    name: isDirectory ? name : words.at(at),
    kind: isDirectory ? 'directory' : 'file',
    size: isDirectory ? undefined : blocks * block,
    rounded: !isDirectory,
    family: 'other',
    confidence: 'likely',
  }
}
