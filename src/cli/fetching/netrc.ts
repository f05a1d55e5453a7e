/** What `~/.netrc` knows of a machine. */
export interface NetrcLogin {
  readonly user: string | undefined
  readonly password: string | undefined
}

/**
 * Finds a machine, and a user on it where one is named, in the text of a `.netrc`. `default` fits every machine and comes
 * last. Words may be quoted, and macros (which end at an empty line) are passed over.
 */
export function findInNetrc(text: string, host: string, user?: string): NetrcLogin | undefined {
  const words = wordsOf(text.replaceAll(/^[ \t]*macdef\b[^]*?(?:\n[ \t]*\n|(?![^]))/gmu, '\n'))
  let entry: { host: string | undefined; user?: string; password?: string } | undefined
  const fits = (): boolean =>
    entry !== undefined &&
    (entry.host === undefined || entry.host.toLowerCase() === host.toLowerCase()) &&
    (user === undefined || entry.user === undefined || entry.user === user)
  for (let at = 0; at < words.length; at += 1) {
    const word = words[at]
    if (word === 'machine' || word === 'default') {
      if (fits()) break
      entry = { host: word === 'machine' ? (words[++at] ?? '') : undefined }
    } else if (entry !== undefined && word === 'login') entry.user = words[++at] ?? ''
    // BSD's ftp takes both.
    else if (entry !== undefined && (word === 'password' || word === 'passwd'))
      entry.password = words[++at] ?? ''
    else if (word === 'account') at += 1
  }
  return entry !== undefined && fits() ? { user: entry.user, password: entry.password } : undefined
}

function wordsOf(text: string): string[] {
  const lines = text.split('\n').map((line) => line.replace(/^\s*#.*$/u, ''))
  const found = lines.join('\n').matchAll(/"((?:[^"\\]|\\.)*)"|(\S+)/gu)
  return Array.from(found, ([, quoted, plain]) => quoted?.replaceAll(/\\(.)/gu, '$1') ?? plain ?? '')
}
