import { FileError } from '../core/error.ts'
import { compileGlob } from '../wire/glob.ts'

/** Which of the files below a directory are meant. Takes the path below it, with slashes and without one in front. */
export type Choice = (path: string, isDirectory: boolean) => boolean

/**
 * Makes a choice of patterns. One without a slash is about the name, wherever it is; one with a slash about the whole path;
 * one that ends in a slash about directories alone; `**` stands for any directories. Excluding a directory excludes all in
 * it. Including is about files: directories are gone through to find them.
 */
export function choose(include: readonly string[], exclude: readonly string[]): Choice {
  const wanted = include.map(compilePattern)
  const unwanted = exclude.map(compilePattern)
  return (path, isDirectory) => {
    if (unwanted.some((matches) => matches(path, isDirectory))) return false
    return isDirectory || wanted.length === 0 || wanted.some((matches) => matches(path, isDirectory))
  }
}

function compilePattern(pattern: string): Choice {
  const onlyDirectories = pattern.endsWith('/')
  const parts = pattern.replace(/^\.?\/+|\/+$/gu, '').split('/')
  const tests = parts.map((part) => (part === '**' ? ('any' as const) : compile(part, pattern)))
  const anywhere = parts.length === 1 && !pattern.startsWith('/')
  return (path, isDirectory) => {
    if (onlyDirectories && !isDirectory) return false
    const names = path.split('/')
    return matches(tests, anywhere ? names.slice(-1) : names)
  }
}

/** Unlike a shell's, these patterns take names with a dot in front: what is excluded by `*.bak` is not to come as `.x.bak`. */
function compile(part: string, pattern: string): (name: string) => boolean {
  const plain = compileGlob(part)
  if (plain === undefined) throw new FileError('invalid', `the pattern is too long: ${pattern.slice(0, 40)}…`)
  const hidden = part.startsWith('*') ? compileGlob(`.${part}`) : undefined
  return (name) => plain(name) || hidden?.(name) === true
}

function matches(tests: readonly ('any' | ((name: string) => boolean))[], names: readonly string[]): boolean {
  const [test, ...laterTests] = tests
  if (test === undefined) return names.length === 0
  if (test === 'any') {
    return names.some((_, skipped) => matches(laterTests, names.slice(skipped))) || laterTests.length === 0
  }
  const [name, ...laterNames] = names
  return name !== undefined && test(name) && matches(laterTests, laterNames)
}
