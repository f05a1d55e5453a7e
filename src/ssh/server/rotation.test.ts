import assert from 'node:assert/strict'
import { test } from 'node:test'
import { freshKey } from '../../testing/ssh-world.ts'
import { signerOf } from '../private-key.ts'
import { Writer } from '../wire/writer.ts'
import { announceKeys } from './rotation.ts'

test('keys are announced, and not the certificates that they are shown with', () => {
  const key = signerOf(freshKey())
  const certified = {
    ...key,
    blob: new Writer(64).string('ssh-ed25519-cert-v01@openssh.com').string('and more').done(),
  }
  assert.deepEqual(announceKeys([key, certified]), announceKeys([key]))
  assert.notDeepEqual(announceKeys([key]), announceKeys([]))
})
