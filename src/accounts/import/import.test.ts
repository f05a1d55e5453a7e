import assert from 'node:assert/strict'
import { test } from 'node:test'
import { accountSettings } from '../settings.ts'
import type { Imported } from './imported.ts'
import { readPasswd } from './passwd.ts'
import { readPurePw } from './pure-pw.ts'
import { readSftpgo } from './sftpgo.ts'
import { readVsftpd } from './vsftpd.ts'

/** What is taken over must be settings that are taken here. */
function meaning(users: readonly Imported[]) {
  return users.map(({ name, said }) => {
    const problems: never[] = []
    accountSettings.read(said, [], problems)
    assert.deepEqual(problems, [], name)
    return name
  })
}

test('htpasswd and ftpasswd files are read, comments and locked accounts too', () => {
  const users = readPasswd(
    '# all\nanna:$apr1$saltsalt$LrttParrLPdxvgutaSXWJ0\nbert:!$6$x:1000:1000:Bert:/srv/bert:/bin/false\n\n',
  )
  assert.deepEqual(meaning(users), ['anna', 'bert'])
  assert.equal(users[0]?.hash, '$apr1$saltsalt$LrttParrLPdxvgutaSXWJ0')
  assert.equal(users[1]?.hash, undefined)
  assert.deepEqual(users[1]?.said, { home: '/srv/bert', disabled: true })
})

test('a passwd file of pure-pw is read with its limits', () => {
  const users = readPurePw(
    'anna:$6$hash:1001:1001::/srv/anna/./:5000:9000:::3:100:1000000:::192.0.2.0/24::0800-1800\n',
  )
  assert.deepEqual(meaning(users), ['anna'])
  assert.deepEqual(users[0]?.said, {
    home: '/srv/anna',
    rate: { download: 9000, upload: 5000 },
    quota: { bytes: 1_000_000, files: 100 },
    sessions: 3,
    networks: ['192.0.2.0/24'],
    hours: ['08:00-18:00'],
  })
})

test('what of pure-pw cannot be taken over is said', () => {
  const [user] = readPurePw('anna:x:1:1::/srv::::::::10.0.0.1:10.0.0.2::10.0.0.3:8-18\n')
  assert.deepEqual(user?.notes, [
    'refused clients are not taken over: 10.0.0.3',
    'its addresses of the server are not taken over: 10.0.0.1',
    'refused addresses of the server are not taken over: 10.0.0.2',
    'its hours cannot be read: 8-18',
  ])
})

test('a list of virtual users of vsftpd is read in pairs', () => {
  assert.deepEqual(
    readVsftpd('anna\n#secret\nbert\nother\n').map(({ name, clear }) => [name, clear]),
    [
      ['anna', '#secret'],
      ['bert', 'other'],
    ],
  )
})

test('a dump of SFTPGo is read with rights, limits and keys', () => {
  const user = {
    username: 'anna',
    password: '$2a$10$x',
    status: 0,
    home_dir: '/srv/anna',
    expiration_date: 1_893_456_000_000,
    max_sessions: 2,
    quota_size: 1000,
    upload_bandwidth: 10,
    public_keys: ['ssh-ed25519 AAAA anna'],
    permissions: { '/': ['list', 'download'], '/in': ['*'] },
    filters: { allowed_ip: ['10.0.0.0/8'], denied_protocols: ['FTP'], denied_ip: ['10.1.1.1/32'] },
  }
  const users = readSftpgo(
    JSON.stringify({ users: [user, 5, { ...user, username: 'bert', permissions: { '/': ['*'] } }] }),
  )
  assert.deepEqual(meaning(users), ['anna', 'bert'])
  const [anna, bert] = users
  assert.deepEqual(anna?.said['rights'], {
    '/': ['list', 'read'],
    '/in': ['list', 'read', 'create', 'overwrite', 'remove', 'directories', 'rename', 'links', 'attributes'],
  })
  assert.deepEqual(anna?.said['protocols'], ['sftp'])
  assert.equal(anna?.said['disabled'], true)
  assert.deepEqual(anna?.said['rate'], { upload: 10_240 })
  assert.deepEqual(anna?.notes, ['denied_ip is not taken over'])
  const [strict] = readSftpgo(
    JSON.stringify({
      users: [
        {
          ...user,
          filters: {
            file_patterns: [{ path: '/', denied_patterns: ['*.exe'] }],
            denied_login_methods: ['password'],
            max_upload_file_size: 1000,
            two_factor_protocols: [],
            totp_config: { enabled: true, secret: {} },
          },
          groups: [{ name: 'staff', type: 1 }],
          virtual_folders: [],
          total_data_transfer: 0,
        },
      ],
    }),
  )
  assert.deepEqual(strict?.notes, [
    'file_patterns is not taken over',
    'denied_login_methods is not taken over',
    'max_upload_file_size is not taken over',
    'groups is not taken over',
    'its one-time codes are not taken over: make new ones by ferry user code',
  ])
  assert.equal(bert?.said['rights'], undefined)
  assert.throws(() => readSftpgo('{'))
  assert.deepEqual(readSftpgo('[]'), [])
})
