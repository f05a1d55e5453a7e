import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ProtocolError } from '../../core/error.ts'
import { formatAnswers, formatPrompts, parseAnswers, parsePrompts } from './auth-messages.ts'

test('RFC 4256 §3.2: each prompt is read, in its order and with its echo', () => {
  const prompts = ['Password: ', 'Code: ', 'Colour: '].map((text, index) => ({ text, echo: index > 0 }))
  assert.deepEqual(parsePrompts(formatPrompts('a name', 'an instruction', prompts)), {
    name: 'a name',
    instruction: 'an instruction',
    prompts,
  })
  assert.deepEqual(parsePrompts(formatPrompts('', '', [])).prompts, [])
  const cut = formatPrompts('', '', prompts).slice(0, -1)
  assert.throws(() => parsePrompts(cut), ProtocolError)
})

test('RFC 4256 §3.4: as many answers are read as were written', () => {
  for (const answers of [[], ['one'], ['one', '', 'three']]) {
    assert.deepEqual(parseAnswers(formatAnswers(answers)), answers)
  }
})
