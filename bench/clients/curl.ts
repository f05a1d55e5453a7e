import type { Client } from './client.ts'

/** curl knows single files only. Debian's speaks no SFTP with the keys that we have. */
export const curl: Client = {
  name: 'curl',
  from: 'curl',
  start({ way, what, far: path, near }, far) {
    if (what === 'tree' || far.protocol !== 'ftp') return undefined
    const url = `ftp://${far.host}:${far.port}/${path}`
    const words = way === 'down' ? [url, '-o', near] : ['-T', near, url]
    return { command: 'curl', words: ['-sS', '-u', `${far.user}:${far.password}`, ...words] }
  },
}
