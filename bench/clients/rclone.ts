import { execFileSync } from 'node:child_process'
import type { Client, Far } from './client.ts'

/** rclone, which copies eight files at once. */
export const rclone: Client = {
  name: 'rclone',
  from: 'rclone',
  start({ way, what, far: path, near }, far) {
    const there = `:${far.protocol}:${far.top}/${path}`
    const [from, to] = way === 'down' ? [there, near] : [near, there]
    const verb = what === 'tree' ? 'copy' : 'copyto'
    // From 250 MiB on it fetches a file in several streams and cuts each at its end, which vsftpd calls a failure (426).
    const atOnce = ['--transfers', '8', '--checkers', '8', '--multi-thread-streams', '0']
    return {
      command: 'rclone',
      words: [verb, '--config', '', ...atOnce, from, to],
      environment: environmentOf(far),
    }
  },
}

function environmentOf({ protocol, host, port, user, password, key }: Far): Readonly<Record<string, string>> {
  const start = `RCLONE_${protocol.toUpperCase()}_`
  const common = { [`${start}HOST`]: host, [`${start}PORT`]: String(port), [`${start}USER`]: user }
  if (protocol === 'sftp') return { ...common, [`${start}KEY_FILE`]: key ?? '' }
  return { ...common, [`${start}PASS`]: hidden(password) }
}

/** It takes passwords only in a form that cannot be read over a shoulder. */
function hidden(password: string): string {
  return execFileSync('rclone', ['obscure', password], { encoding: 'utf8' }).trim()
}
