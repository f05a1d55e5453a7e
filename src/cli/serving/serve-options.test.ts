import assert from 'node:assert/strict'
import { test } from 'node:test'
import { parseServeWords } from './serve-options.ts'
import { UsageError } from '../usage-error.ts'

test('without words the folder is this one, the port 2121, and users may write', () => {
  const wish = parseServeWords([])
  assert.equal(wish.directory, '.')
  assert.equal(wish.ftpPort, 2121)
  assert.equal(wish.host, undefined)
  assert.equal(wish.passive, 'any')
  assert.equal(wish.readOnly, false)
  assert.equal(wish.graceMs, 10_000)
})

test('users are told by name and password, and a password may hold colons', () => {
  const wish = parseServeWords(['./files', '--user', 'anna:a:b', '--user', 'bert:x'])
  assert.deepEqual(wish.users, [
    { name: 'anna', password: 'a:b' },
    { name: 'bert', password: 'x' },
  ])
})

test('what is free is not taken for one port: no port, any port, a range, TFTP, and guests where nobody is one', () => {
  for (const words of [
    ['--ftp', '0', '--ftps', '0', '--sftp', '0'],
    ['--sftp', 'off', '--ftps', '2222'],
    ['--passive', '2121-2122'],
    ['--tftp', '2121'],
    ['--user', 'ftp:a'],
  ])
    assert.doesNotThrow(() => parseServeWords(words), words.join(' '))
})

test('a user needs no password where keys are named', () => {
  const wish = parseServeWords(['--user', 'anna', '--user', 'bert:x', '--authorized-keys', 'keys/%u'])
  assert.deepEqual(wish.users, [{ name: 'anna' }, { name: 'bert', password: 'x' }])
  assert.deepEqual(wish.authorizedKeys, ['keys/%u'])
  assert.throws(() => parseServeWords(['--user', 'anna']), UsageError)
})

test('passive ports are one, a range or off', () => {
  assert.deepEqual(parseServeWords(['--passive', '50000']).passive, { first: 50_000, last: 50_000 })
  assert.deepEqual(parseServeWords(['--passive', '50000-50100']).passive, { first: 50_000, last: 50_100 })
  assert.equal(parseServeWords(['--passive', 'off']).passive, 'off')
})

test('each protocol can be switched off, and has a port', () => {
  assert.equal(parseServeWords(['--sftp', 'off', '--tftp', 'off', '--ftps', 'off', '--ftp', '0']).ftpPort, 0)
  assert.equal(parseServeWords(['--sftp', '22']).sftpPort, 22)
  assert.equal(parseServeWords([]).sftpPort, 2222)
  assert.equal(parseServeWords(['--ftps', '990']).ftpsPort, 990)
})

test('TFTP is off until it is asked for, and then only for reading', () => {
  assert.equal(parseServeWords([]).tftpPort, 'off')
  const wish = parseServeWords(['--tftp', '69', '--ftp', 'off'])
  assert.deepEqual([wish.ftpPort, wish.tftpPort, wish.tftp.ports, wish.tftp.write], ['off', 69, 'any', 'off'])
  assert.equal(parseServeWords(['--tftp', '0', '--tftp-write']).tftp.write, 'new')
  assert.equal(parseServeWords(['--tftp', '0', '--tftp-overwrite']).tftp.write, 'replace')
  const narrow = parseServeWords(['--tftp', '0', '--tftp-blksize', '1024', '--tftp-windowsize', '1']).tftp
  assert.deepEqual([narrow.largestBlock, narrow.largestWindow], [1024, 1])
  assert.deepEqual(parseServeWords(['--tftp', '0', '--tftp-root', '10.0.0.0/8=./a=b']).tftp.roots, [
    { network: '10.0.0.0/8', directory: './a=b' },
  ])
  assert.equal(parseServeWords(['--tftp', '0', '--tftp-single-port']).tftp.ports, 'single')
  assert.deepEqual(parseServeWords(['--tftp', '0', '--tftp-ports', '4000-4100']).tftp.ports, {
    first: 4000,
    last: 4100,
  })
})

test('what cannot be followed is a usage error that says why', () => {
  const wrong: [string[], RegExp][] = [
    [['a', 'b'], /one folder only/],
    [['--frob'], /--frob/],
    [['--ftp', '70000'], /from 0 to 65535/],
    [['--ftp', 'off', '--sftp', 'off'], /nothing to serve/],
    [['--tftp', '70000'], /from 0 to 65535/],
    [['--tftp-write'], /--tftp PORT/],
    [['--tftp-single-port'], /--tftp PORT/],
    [['--tftp-root', 'any=.'], /--tftp PORT/],
    [['--tftp-remap', 'f'], /--tftp PORT/],
    [['--tftp', '0', '--tftp-root', '10.0.0=.'], /NETWORK=DIR/],
    [['--tftp', '0', '--tftp-root', '10.0.0.0/8'], /NETWORK=DIR/],
    [['--tftp', '0', '--tftp-write', '--read-only'], /exclude/],
    [['--tftp', '0', '--tftp-overwrite', '--read-only'], /exclude/],
    [['--tftp', '0', '--tftp-blksize', '7'], /from 8 to 65464/],
    [['--tftp', '0', '--tftp-windowsize', '65536'], /from 1 to 65535/],
    [['--tftp-windowsize', '8'], /--tftp PORT/],
    [['--tftp', '0', '--tftp-ports', '4000', '--tftp-single-port'], /exclude/],
    [['--tftp', '0', '--tftp-ports', '5-4'], /--tftp-ports/],
    [['--user', 'anna'], /NAME:PASSWORD/],
    [['--user', ':x'], /NAME:PASSWORD/],
    [['--user', 'anna:'], /NAME:PASSWORD/],
    [['--passive', '5-4'], /--passive/],
    [['--passive', '0-4'], /--passive/],
    [['--grace', 'soon'], /--grace/],
    [['--write', '--read-only'], /exclude/],
    [['--quiet', '--verbose'], /exclude/],
    [['--ftps', '2121'], /--ftp and --ftps cannot both have port 2121/],
    [['--sftp', '990', '--ftps', '990'], /--ftps and --sftp .* 990/],
    [['--passive', '2222'], /--sftp and --passive .* 2222/],
    [['--user', 'anna:a', '--user', 'bert:b', '--user', 'anna:c'], /names anna twice/],
    [['--user', 'Ftp:a', '--anonymous'], /--anonymous lets in whoever says Ftp/],
  ]
  for (const [words, why] of wrong) {
    assert.throws(
      () => parseServeWords(words),
      (error) => error instanceof UsageError && why.test(error.message) && !error.message.includes('\n'),
      words.join(' '),
    )
  }
})
