import { linesOf, type Imported } from './imported.ts'

/**
 * `NAME:HASH` as htpasswd writes it, or seven fields as `ftpasswd --passwd` (ProFTPD) does; of those the home is taken
 * over. A hash that begins with `!` or `*` is a locked account.
 */
export function readPasswd(text: string): readonly Imported[] {
  return linesOf(text).map((line) => {
    const [name = '', hash = '', , , , home = ''] = line.split(':')
    const locked = /^[!*]/u.test(hash)
    return {
      name,
      hash: locked || hash === '' ? undefined : hash,
      said: { ...(home === '' ? {} : { home }), ...(locked ? { disabled: true } : {}) },
      keys: [],
      notes: [],
    }
  })
}
