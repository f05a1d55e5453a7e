/** What the other side of `scp -O` starts here: it receives (`-t`) or sends (`-f`). */
export interface ScpCommand {
  readonly way: 'receive' | 'send'
  readonly recursive: boolean
  /** Times and modes go along. */
  readonly preserve: boolean
  /** The target must be a directory. */
  readonly directory: boolean
  readonly paths: readonly string[]
}

const longestCommand = 16 * 1024
const mostPaths = 256

/** Reads a command as a shell would cut it into words; undefined: it is no scp, or needs a shell. */
export function parseScpCommand(command: string): ScpCommand | undefined {
  if (command.length > longestCommand) return undefined
  const [program, ...words] = shellWords(command) ?? []
  if (program !== 'scp') return undefined
  const flags = new Set<string>()
  let at = 0
  for (; at < words.length; at += 1) {
    const word = words[at] ?? ''
    if (word === '--' || !word.startsWith('-') || word === '-') break
    for (const flag of word.slice(1)) flags.add(flag)
  }
  if (words[at] === '--') at += 1
  const paths = words.slice(at)
  const known = [...flags].every((flag) => 'tfrpdvqC'.includes(flag))
  if (!known || flags.has('t') === flags.has('f') || paths.length === 0 || paths.length > mostPaths)
    return undefined
  if (flags.has('t') && paths.length > 1) return undefined
  return {
    way: flags.has('t') ? 'receive' : 'send',
    recursive: flags.has('r'),
    preserve: flags.has('p'),
    directory: flags.has('d'),
    // A shell would make the home of it, which is the top here.
    paths: paths.map((path) => path.replace(/^~(?=\/|$)/u, '/')),
  }
}

/** The words of a line for a shell (POSIX 2.2): quotes and backslashes, and nothing that would start or expand anything. */
function shellWords(line: string): string[] | undefined {
  const words: string[] = []
  let word: string | undefined
  const parts = /'([^']*)'|"((?:[^"\\$`]|\\.)*)"|\\(.)|(\s+)|([^\s'"\\;&|<>()$`\n]+)/gsuy
  for (let at = 0; at < line.length; at = parts.lastIndex) {
    parts.lastIndex = at
    const found = parts.exec(line)
    if (found === null) return undefined
    const [, single, double, escaped, blank, plain] = found
    if (blank !== undefined) {
      if (word !== undefined) words.push(word)
      word = undefined
      continue
    }
    const text = single ?? double?.replaceAll(/\\(["\\$`])/gu, '$1') ?? escaped ?? plain ?? ''
    word = (word ?? '') + text
  }
  if (word !== undefined) words.push(word)
  return words
}
