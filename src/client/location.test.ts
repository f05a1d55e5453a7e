import assert from 'node:assert/strict'
import { test } from 'node:test'
import { formatLocation, parseLocation, type RemoteLocation } from './location.ts'

function remote(text: string): RemoteLocation {
  const location = parseLocation(text)
  assert.ok(location.kind === 'remote')
  return location
}

void test('a URL gives its parts, decoded', () => {
  assert.deepEqual(remote('tftp://an%40na:s%3Ae@host:6969/a%20b/c'), {
    kind: 'remote',
    scheme: 'tftp',
    host: 'host',
    port: 6969,
    user: 'an@na',
    password: 's:e',
    path: 'a b/c',
    text: false,
  })
})

void test('the last @ ends the login, a password may hold the others', () => {
  const { user, password, host } = remote('tftp://u:p@ss@host/')
  assert.deepEqual([user, password, host], ['u', 'p@ss', 'host'])
})

void test('# and ? are letters of names, and %2f in front makes a path absolute', () => {
  assert.equal(remote('tftp://h/what?#1').path, 'what?#1')
  assert.equal(remote('tftp://h/%2fetc/motd').path, '/etc/motd')
  assert.equal(remote('tftp://h//etc').path, '/etc')
})

void test(';type=a asks for text, and is no part of the name', () => {
  const { path, text } = remote('tftp://h/a.txt;type=a')
  assert.deepEqual([path, text], ['a.txt', true])
})

void test('RFC 1738 §3.2.2: ;type=i is what is meant anyway, ;type=d names a directory, and SFTP knows neither', () => {
  assert.deepEqual([remote('ftp://h/a;type=i').path, remote('ftp://h/a;type=i').text], ['a', false])
  assert.equal(remote('ftp://h/a;type=D').path, 'a/')
  assert.equal(remote('sftp://h/a;type=a').path, '/a;type=a')
})

void test('IPv6 addresses stand in brackets', () => {
  const { host, port } = remote('tftp://[fe80::1%25eth0]:69/x')
  assert.deepEqual([host, port], ['fe80::1%eth0', 69])
})

void test('bytes that are no UTF-8 are kept', () => {
  assert.equal(remote('tftp://h/caf%e9').path, 'caf\udce9')
  assert.equal(remote('tftp://h/caf\udce9').path, 'caf\udce9')
})

void test('line ends and NUL are refused wherever they stand', () => {
  for (const bad of ['tftp://h/x%0d%0aDELE%20y', 'tftp://h/%00', 'tftp://u%0a:p@h/', 'tftp://u:p%0d@h/']) {
    assert.throws(() => parseLocation(bad), { fault: 'invalid' })
  }
})

void test('what names no machine, no port or no known protocol is refused', () => {
  for (const bad of ['tftp:///x', 'tftp://h:0/', 'tftp://h:70000/', 'gopher://h/', 'file://other/x']) {
    assert.throws(() => parseLocation(bad), { fault: 'invalid' })
  }
})

void test('a password with a slash in it is told as what is wrong', () => {
  assert.throws(() => parseLocation('ftp://anna:a/b@h/x'), /a "\/" in a password is written %2F/u)
  assert.throws(() => parseLocation('ftp:///x'), /names no machine$/u)
})

void test('anything else is a path of this machine', () => {
  assert.deepEqual(parseLocation('C:\\x'), { kind: 'local', path: 'C:\\x' })
  assert.deepEqual(parseLocation('a:b'), { kind: 'local', path: 'a:b' })
  assert.deepEqual(parseLocation('file:///a%20b'), { kind: 'local', path: '/a b' })
})

void test('a location is shown without its password', () => {
  assert.equal(formatLocation(remote('tftp://u:secret@[::1]:70/a%20b'), 'a b'), 'tftp://u@[::1]:70/a%20b')
})

void test('a name that is not UTF-8 is told byte by byte, and read back as it was', () => {
  const { path } = remote('ftp://h/%ff%FE%20%C3%BC;a')
  assert.equal(formatLocation(remote('ftp://h/'), path), 'ftp://h/%FF%FE%20%C3%BC;a')
  assert.equal(remote(formatLocation(remote('ftp://h/'), path)).path, path)
})
