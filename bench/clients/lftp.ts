import type { Client, Far } from './client.ts'

/** lftp, which mirrors eight files at once. */
export const lftp: Client = {
  name: 'lftp',
  from: 'lftp',
  start({ way, what, far: path, near }, far) {
    const there = `${far.top}/${path}`
    const words = {
      file: { down: `get ${there} -o ${near}`, up: `put ${near} -o ${there}` },
      tree: {
        down: `mirror --parallel=8 ${there} ${near}`,
        up: `mirror -R --parallel=8 ${near} ${there}`,
      },
    }
    return { command: 'lftp', words: ['--norc', '-c', `${opening(far)}; ${words[what][way]}`] }
  },
}

function opening({ protocol, host, port, user, password, key }: Far): string {
  const open = `open -u ${user},${password} ${protocol}://${host}:${port}`
  if (protocol === 'ftp') return `set ftp:ssl-allow no; ${open}`
  const ssh = `ssh -a -x -F none -i ${key ?? ''} -o StrictHostKeyChecking=no -o UserKnownHostsFile=/dev/null -o LogLevel=ERROR`
  return `set sftp:connect-program "${ssh}"; ${open}`
}
