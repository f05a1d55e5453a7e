/** Longer lines are no configuration. */
const longestLine = 8192

/** The keyword of a line of ssh_config(5), in small letters, and its words; undefined: the line says nothing. */
export function configWords(
  line: string,
): { readonly keyword: string; readonly words: readonly string[] } | undefined {
  if (line.length > longestLine) return undefined
  const found = /^\s*([A-Za-z]+)(?:\s*=\s*|\s+)(.*)$/u.exec(line)
  const [, keyword, rest = ''] = found ?? []
  if (keyword === undefined) return undefined
  const words: string[] = []
  for (const [, quoted, plain] of rest.matchAll(/"([^"]*)"|(\S+)/gu)) {
    if (plain?.startsWith('#')) break
    words.push(quoted ?? plain ?? '')
  }
  return words.length === 0 ? undefined : { keyword: keyword.toLowerCase(), words }
}
