import assert from 'node:assert/strict'
import { test } from 'node:test'
import { inheritedSockets } from './inherited-sockets.ts'
import { parseServeWords } from './serve-options.ts'
import { atSockets, socketWords } from './socket-words.ts'

const head =
  '  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode'
const line = (local: string, inode: number): string =>
  `   0: ${local} 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 ${inode} 1 00 100 0`

const tables: Readonly<Record<string, string>> = {
  '/proc/self/net/tcp': [head, line('0100007F:0015', 11), line('00000000:0016', 12)].join('\n'),
  '/proc/self/net/tcp6': [head, line('00000000000000000000000000000000:0016', 13)].join('\n'),
  '/proc/self/net/udp6': [head, line('B80D0120000000000000000001000000:0045', 14)].join('\n'),
}

/** A process that has these sockets from descriptor 3 on. */
function sockets(inodes: readonly number[], names?: string) {
  const env: Record<string, string | undefined> = {
    LISTEN_PID: '7',
    LISTEN_FDS: String(inodes.length),
    ...(names === undefined ? {} : { LISTEN_FDNAMES: names }),
  }
  const files = {
    link: (path: string) => `socket:[${inodes[Number(path.split('/').at(-1)) - 3]}]`,
    read(path: string) {
      const table = tables[path]
      if (table === undefined) throw new Error('ENOENT')
      return table
    },
  }
  const found = inheritedSockets(env, files, [7])
  assert.deepEqual(env, {})
  return found
}

test('sockets from systemd are known by kind, address, port and name', () => {
  assert.deepEqual(sockets([11, 13, 14], 'ftp:sftp:ferry.socket'), [
    { fd: 3, name: 'ftp', kind: 'stream', local: { address: '127.0.0.1', port: 21 } },
    { fd: 4, name: 'sftp', kind: 'stream', local: { address: '::', port: 22 } },
    { fd: 5, name: 'ferry.socket', kind: 'datagrams', local: { address: '2001:db8::1', port: 69 } },
  ])
})

test('variables for another process are none of ours, and go', () => {
  const env = { LISTEN_PID: '8', LISTEN_FDS: '1', LISTEN_FDNAMES: 'ftp' }
  const none = { link: () => assert.fail(), read: () => assert.fail() }
  assert.deepEqual(inheritedSockets(env, none, [7]), [])
  assert.deepEqual(env, {})
})

test('what is no socket of this network is refused', () => {
  assert.throws(() => sockets([99], 'ftp'), /socket 3 from systemd \(ftp\) is none of TCP or UDP/u)
})

test('a socket is served by its name, or by its port', () => {
  const all = sockets([11, 12, 13, 14], 'x:sftp:sftp:tftp')
  const wish = parseServeWords(['.', '--ftp', '21', '--host', '192.0.2.1', ...socketWords(all)])
  assert.deepEqual([wish.ftpPort, wish.sftpPort, wish.tftpPort], [21, 22, 69])
  assert.deepEqual(atSockets(wish, all), { ...wish, tftpHost: '2001:db8::1' })
})

test('a socket that nobody would serve is refused, with the line that mends it', () => {
  const wish = parseServeWords(['.', '--ftp', '2121', '--sftp', 'off'])
  assert.throws(() => atSockets(wish, sockets([11])), /port 21,.*FileDescriptorName=sftp.*ferry\.yaml/u)
  assert.throws(() => atSockets(wish, sockets([14])), /port 69,.*FileDescriptorName=tftp/u)
})
