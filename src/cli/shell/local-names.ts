import { readdir } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import { FileError } from '../../core/error.ts'
import { compileGlob, hasGlob } from '../../wire/glob.ts'

/** The names of this machine that words mean, patterns in their last part followed. */
export async function localNames(folder: string, words: readonly string[]): Promise<string[]> {
  const names: string[] = []
  for (const word of words) names.push(...(await expand(folder, word)))
  return names
}

async function expand(folder: string, word: string): Promise<string[]> {
  const plain = word.replaceAll(/\\([*?[])/gu, '$1')
  const pattern = word.slice(word.lastIndexOf('/') + 1)
  if (!hasGlob(pattern.replaceAll(/\\./gu, ''))) return [plain]
  const fits = compileGlob(pattern) ?? (() => false)
  const lead = word.includes('/') ? dirname(word) : ''
  const found = (await readdir(resolve(folder, lead))).filter(fits).toSorted()
  if (found.length === 0) throw new FileError('not-found', `nothing here fits ${word}`)
  return found.map((name) => (lead === '' ? name : join(lead, name)))
}
