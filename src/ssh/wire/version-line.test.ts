import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ForeignProtocol, parseVersion } from './version-line.ts'

void test('a client that meets an FTP server is told which URL to use, and does not wait', () => {
  for (const greeting of ['220 (vsFTPd 3.0.3)\r\n', '220-Welcome', '220 ']) {
    assert.throws(
      () => parseVersion(Buffer.from(greeting), true),
      (thrown) => thrown instanceof ForeignProtocol && /ftp:\/\//u.test(thrown.facts.hint ?? ''),
    )
  }
})

void test("RFC 4253 §4.2: other lines may come before a server's version", () => {
  const bytes = Buffer.from('Hello\r\n220 guests today\r\nSSH-2.0-x\r\nrest')
  assert.deepEqual(parseVersion(bytes, true), { line: 'SSH-2.0-x', used: bytes.length - 4 })
  assert.equal(parseVersion(Buffer.from('220'), true), undefined)
})
