import type { Imported } from './imported.ts'

/**
 * The list that db_load makes vsftpd's virtual users of: a name and its password in clear, on alternate lines. It knows no
 * comments: a password may begin with #.
 */
export function readVsftpd(text: string): readonly Imported[] {
  const lines = text.split(/\r?\n/u).filter((line) => line !== '')
  return lines.flatMap((name, index) => {
    if (index % 2 === 1) return []
    const clear = lines[index + 1]
    return [
      { name, hash: undefined, ...(clear === undefined ? {} : { clear }), said: {}, keys: [], notes: [] },
    ]
  })
}
