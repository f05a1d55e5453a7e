import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Client } from './client.ts'

/** OpenSSH's own client. It moves one file after another, and knows no sync. */
export const sftp: Client = {
  name: 'sftp',
  from: 'openssh-client',
  start({ way, what, far: path, near }, far) {
    if (far.protocol !== 'sftp' || what === 'tree') return undefined
    const there = `${far.top}/${path}`
    const batch = join(far.folder, `sftp-${way}`)
    writeFileSync(batch, way === 'down' ? `get ${there} ${near}\n` : `put ${near} ${there}\n`)
    const options = ['StrictHostKeyChecking=no', 'UserKnownHostsFile=/dev/null', 'LogLevel=ERROR']
    const words = ['-q', '-F', 'none', '-b', batch, '-P', String(far.port), '-i', far.key ?? '']
    return {
      command: 'sftp',
      words: [...words, ...options.flatMap((option) => ['-o', option]), `${far.user}@${far.host}`],
    }
  },
}
