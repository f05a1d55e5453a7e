import assert from 'node:assert/strict'
import { test } from 'node:test'
import { findInNetrc } from './netrc.ts'

const text = `# mine
machine a.example login anna password "two words"
machine a.example
  login bert
  password b#c
macdef init
cd /pub machine trap login x password y

machine b.example login carl account z password c
default login anonymous password me@
`

void test('finds a machine, and a user on it', () => {
  assert.deepEqual(findInNetrc(text, 'A.example'), { user: 'anna', password: 'two words' })
  assert.deepEqual(findInNetrc(text, 'a.example', 'bert'), { user: 'bert', password: 'b#c' })
  assert.deepEqual(findInNetrc(text, 'b.example'), { user: 'carl', password: 'c' })
})

void test('default fits what no machine does, and macros hold no machines', () => {
  assert.deepEqual(findInNetrc(text, 'trap'), { user: 'anonymous', password: 'me@' })
  assert.equal(findInNetrc(text, 'a.example', 'zoe'), undefined)
  assert.equal(findInNetrc('machine x login y', 'z'), undefined)
})

void test('passwd is a password too, as for ftp of BSD', () => {
  assert.equal(findInNetrc('machine a login u passwd p', 'a')?.password, 'p')
})
