import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ProtocolError } from '../../core/error.ts'
import { OpenHandles } from './open-handles.ts'

test('one handle for two files that are open is no handle, whenever its first file is closed', () => {
  const handles = new OpenHandles()
  handles.opened('1', 1)
  assert.throws(() => handles.opened('1', 2), ProtocolError)
  // The second was asked for before the first was given back.
  handles.ending('1', 4)
  assert.throws(() => handles.opened('1', 3), ProtocolError)
})

test('a handle that was given back may be given again, also before that is confirmed', () => {
  const handles = new OpenHandles()
  handles.opened('1', 1)
  handles.ending('1', 2)
  handles.opened('1', 3)
  handles.ended('1', 2)
  assert.throws(() => handles.opened('1', 4), ProtocolError)
  handles.ending('1', 5)
  handles.ended('1', 5)
  handles.opened('1', 4)
})
