import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { HostKeyShown } from '../client/host-trust.ts'
import { knownHostsInMemory } from './files.ts'
import { formatKnownHost } from './line.ts'
import { rotate } from './rotate.ts'

const blob = (letter: string): Uint8Array => Buffer.from(letter.repeat(40))
const line = (letter: string, names = 'host'): string =>
  formatKnownHost(names, 'ssh-ed25519', blob(letter), false)
const shown = (...letters: string[]): HostKeyShown[] =>
  letters.map((letter) => ({ host: 'host', port: 22, algorithm: 'ssh-ed25519', blob: blob(letter) }))

async function after(before: string, ...letters: string[]): Promise<string> {
  const files = knownHostsInMemory(before)
  await rotate(files, 'host', 22, shown(...letters), false)
  return (await files.read())[0]?.text ?? ''
}

test('new keys of a host that is known are learned, and those that it has no more are forgotten', async () => {
  const before = `# mine\n${line('a')}\n${line('b')}\n${line('x', 'other')}\n`
  const text = await after(before, 'a', 'c')
  assert.equal(text, `# mine\n${line('a')}\n${line('x', 'other')}\n${line('c')}\n`)
  assert.equal(await after(text, 'a', 'c'), text)
})

test('a name that is hashed is known, and new ones are hashed where that is wanted', async () => {
  const files = knownHostsInMemory(formatKnownHost('host', 'ssh-ed25519', blob('a'), true))
  await rotate(files, 'host', 22, shown('a', 'c'), true)
  const lines = ((await files.read())[0]?.text ?? '').trim().split('\n')
  assert.equal(lines.length, 2)
  assert.ok(lines.every((one) => one.startsWith('|1|')))
})

test('nothing changes for a host that an authority, a pattern or nobody vouches for, or that shares no key', async () => {
  for (const before of [
    '',
    line('x', 'other'),
    `@cert-authority ${line('a')}`,
    `${line('a')}\n@revoked ${line('c')}`,
    line('a', '*.example.com,host'),
    line('b'),
  ]) {
    assert.equal(await after(before, 'a', 'c'), before)
  }
})
