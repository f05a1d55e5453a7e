import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Client, Far } from './client.ts'

const program = join(import.meta.dirname, '..', '..', 'bin', 'ferry.js')

/** Our command, with as many files at once as the others are told. */
export const ferry: Client = {
  name: 'ferry',
  start({ way, what, far: path, near }, far) {
    const url = `${far.protocol}://${far.user}@${far.host}:${far.port}${far.top}/${path}`
    const [from, to] = way === 'down' ? [url, near] : [near, url]
    const words = what === 'tree' ? ['sync', '-j', '8', from, to] : fileWords(way, from, to)
    const tls = far.protocol === 'ftp' ? ['--tls', 'off'] : []
    return {
      command: process.execPath,
      words: [program, ...words, '-q', ...tls],
      environment: { FERRY_PASSWORD: far.password, ...homeOf(far) },
    }
  },
}

function fileWords(way: 'down' | 'up', from: string, to: string): readonly string[] {
  return way === 'down' ? ['get', from, '-o', to] : ['put', from, to]
}

/** A home with nothing in it but the key and a trust in any host: what belongs to the one who measures has no say. */
function homeOf({ folder, key }: Far): Readonly<Record<string, string>> {
  const config = join(folder, '.ssh')
  mkdirSync(config, { recursive: true })
  writeFileSync(
    join(config, 'config'),
    `Host *\n  IdentityFile ${key ?? 'none'}\n  StrictHostKeyChecking no\n  UserKnownHostsFile none\n`,
  )
  return { HOME: folder, XDG_CACHE_HOME: join(folder, '.cache'), SSH_AUTH_SOCK: '' }
}
