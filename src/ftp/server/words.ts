import { Refused } from './refused.ts'

const word = /"((?:[^"]|"")*)"|(\S+)/gu

/** The words of an argument with several of them; a word with spaces stands in quotes, quotes in it doubled. */
export function splitWords(argument: string): string[] {
  const words: string[] = []
  for (const [, inQuotes, bare] of argument.matchAll(word)) {
    words.push(inQuotes === undefined ? (bare ?? '') : inQuotes.replaceAll('""', '"'))
  }
  return words
}

/** Exactly two words, or the syntax as the answer. */
export function twoWords(argument: string, syntax: string): [string, string] {
  const [first, second, ...more] = splitWords(argument)
  if (first === undefined || second === undefined || more.length > 0) {
    throw new Refused(501, `${syntax}, names with spaces in "".`)
  }
  return [first, second]
}
