import assert from 'node:assert/strict'
import { test } from 'node:test'
import { FileError, NetworkError } from '../../core/error.ts'
import { aboutOf } from './about-of.ts'

const denied = (text: string) => new FileError('denied', text)

test('what a server says of a file is told with its name, unless that stands in it', () => {
  const word = 'sftp://anna@host/a.txt'
  assert.equal(aboutOf(word, denied('permission denied')), word)
  assert.equal(aboutOf(word, denied(`there is no ${word}`)), undefined)
  assert.equal(aboutOf('ftp://host/a.txt', denied('remove /a.txt: the server refuses')), undefined)
})

test('no password is told with it', () => {
  const error = denied('permission denied')
  assert.equal(aboutOf('sftp://anna:se:cr@t@[::1]:22/a@b', error), 'sftp://anna:****@[::1]:22/a@b')
  assert.equal(aboutOf('sftp://a@b:secret@host/a', error), 'sftp://a@b:****@host/a')
  assert.equal(aboutOf('sftp://anna@host:22/a:b@c', error), 'sftp://anna@host:22/a:b@c')
})

test('what is wrong with the way to a server names no file', () => {
  assert.equal(aboutOf('ftp://host/a.txt', new NetworkError('timeout', 'host is silent')), undefined)
})

test('what is wrong with a file of this machine is told with its name, unless it begins or ends with it', () => {
  assert.equal(aboutOf('a.txt', denied('permission denied')), 'a.txt')
  assert.equal(aboutOf('a.txt', denied('a.txt is a directory')), undefined)
  assert.equal(aboutOf('a.txt', denied('there is no a.txt')), undefined)
})
