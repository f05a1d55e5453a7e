import { linesOf, type Imported } from './imported.ts'

/** The list that db_load makes vsftpd's virtual users of: a name and its password in clear, on alternate lines. */
export function readVsftpd(text: string): readonly Imported[] {
  const lines = linesOf(text)
  return lines.flatMap((name, index) => {
    if (index % 2 === 1) return []
    const clear = lines[index + 1]
    return [
      { name, hash: undefined, ...(clear === undefined ? {} : { clear }), said: {}, keys: [], notes: [] },
    ]
  })
}
