import assert from 'node:assert/strict'
import { test } from 'node:test'
import { masking } from './masking.ts'

test('a secret is hidden as it is, as JSON writes it, and as URLs do', () => {
  const mask = masking('a"b c')
  const text = `530 a"b c ${JSON.stringify({ reply: 'a"b c' })} ftp://u:${encodeURIComponent('a"b c')}@h/`
  assert.equal(mask(text), '530 **** {"reply":"****"} ftp://u:****@h/')
  assert.equal(masking(undefined)('as it is'), 'as it is')
})
