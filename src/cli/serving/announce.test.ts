import assert from 'node:assert/strict'
import { X509Certificate } from 'node:crypto'
import { test } from 'node:test'
import { readyText } from './announce.ts'
import { testCertificate } from '../../testing/tls-settings.ts'
import { parseServeWords } from './serve-options.ts'

const own = new X509Certificate(testCertificate('127.0.0.1').chain)

const listeners = [{ protocol: 'ftp', address: '127.0.0.1', port: 2121 }] as const

test('the first lines say where, as whom, and what to paste into another terminal', () => {
  const text = readyText(parseServeWords(['/srv']), listeners, {
    generated: { name: 'ferry', password: 'abc' },
    lan: ['192.0.2.7'],
  })
  assert.match(text, /^Serving \/srv\n/)
  assert.match(text, /ftp {2}ftp:\/\/127\.0\.0\.1:2121\/\n +ftp:\/\/192\.0\.2\.7:2121\//)
  assert.match(text, /user +ferry\n +password +abc\n/)
  assert.match(text, /curl --user ferry:abc ftp:\/\/127\.0\.0\.1:2121\//)
})

test('a password that was given is not printed, and one address is told where one was asked for', () => {
  const wish = parseServeWords(['/srv', '--user', 'anna:secret', '--host', '127.0.0.1', '--read-only'])
  const text = readyText(wish, listeners, { lan: ['192.0.2.7'] })
  assert.doesNotMatch(text, /secret|192\.0\.2\.7/)
  assert.match(text, /to read only/)
  assert.match(text, /curl --user anna ftp:/)
})

test('an IPv6 address stands in brackets, and the public folder needs no user', () => {
  const wish = parseServeWords(['/srv', '--anonymous', '--host', '::1'])
  const text = readyText(wish, [{ protocol: 'ftp', address: '::1', port: 21 }])
  assert.match(text, /curl ftp:\/\/\[::1\]:21\//)
})

test('where all accounts are kept elsewhere, a name stands for them in what is to be tried', () => {
  const sftp = { protocol: 'sftp', address: '127.0.0.1', port: 2222 } as const
  const text = readyText(parseServeWords(['/srv']), [...listeners, sftp])
  assert.match(text, /curl --user NAME ftp:\/\/127\.0\.0\.1:2121\/\n {2}sftp -P 2222 NAME@127\.0\.0\.1\n/u)
})

test('SFTP shows its host key, and a line that names the user', () => {
  const sftp = { protocol: 'sftp', address: '127.0.0.1', port: 2222, fingerprint: 'SHA256:abc' } as const
  const wish = parseServeWords(['/srv', '--host', '127.0.0.1'])
  const text = readyText(wish, [sftp], { generated: { name: 'ferry', password: 'abc' } })
  assert.match(text, /sftp sftp:\/\/127\.0\.0\.1:2222\/\n +host key SHA256:abc\n/)
  assert.match(text, / {2}sftp -P 2222 ferry@127\.0\.0\.1\n/)
  assert.doesNotMatch(text, /on the way/)
})

test('what travels in clear is told, and the option that refuses it where there is a certificate', () => {
  const wish = parseServeWords(['/srv'])
  assert.match(readyText(wish, listeners), /^Passwords and files travel in clear: anybody on the way/mu)
  const offered = readyText(wish, listeners, { certificate: own })
  assert.match(offered, /can be read by anybody on the way: --tls required refuses it/u)
  const required = parseServeWords(['/srv', '--tls', 'required'])
  assert.doesNotMatch(readyText(required, listeners, { certificate: own }), /on the way/u)
})

test('curl is told by which key it knows the server, whoever has signed its certificate', () => {
  const wish = parseServeWords(['/srv', '--user', 'anna:secret', '--cert', 'own.pem'])
  assert.match(
    readyText(wish, listeners, { certificate: own }),
    /curl --insecure --pinnedpubkey sha256\/\/[A-Za-z0-9+/]{43}= --ssl-reqd --user anna ftp:/u,
  )
})

test('where HTTP tells its numbers is told', () => {
  const http = { address: '127.0.0.1', port: 9121 }
  const text = readyText(parseServeWords(['/srv']), listeners, { http })
  assert.match(text, /^ {2}http http:\/\/127\.0\.0\.1:9121\/metrics$/mu)
})

test('a port of an SSH host is told as what others reach, and not as one of ours to try', () => {
  const far = { protocol: 'ftp', address: '203.0.113.9', port: 2121, through: 'far.example' } as const
  const wish = parseServeWords(['/srv', '--publish', 'ssh://me@far.example', '--host', '127.0.0.1'])
  const text = readyText(wish, [...listeners, far])
  assert.match(text, /^ {2}Reached at ftp:\/\/far\.example:2121\/ through SSH$/mu)
  assert.doesNotMatch(text, /curl .*far\.example/u)
  const later = readyText(wish, [...listeners, { ...far, port: 0 }], { stands: false })
  assert.match(later, /^ {2}Not yet reached at ftp:\/\/far\.example\/ through SSH$/mu)
})
