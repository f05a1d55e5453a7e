import assert from 'node:assert/strict'
import { dirname, join } from 'node:path'
import { test } from 'node:test'
import { breaches } from './breaches.ts'

function check(file: string, text: string): string[] {
  return breaches(file, text, (target) => join(dirname(file), target))
}

test('the core imports nothing, not even from Node', () => {
  assert.equal(check('src/core/path.ts', "import { readFileSync } from 'node:fs'").length, 1)
  assert.equal(check('src/core/path.ts', "import type { Store } from '../stores/disk.ts'").length, 1)
  assert.deepEqual(check('src/core/path.ts', "import { FileError } from './error.ts'"), [])
})

test('a server does not know sockets, the disk or a store', () => {
  assert.equal(check('src/ftp/server/serve.ts', "import net from 'node:net'").length, 1)
  assert.equal(check('src/ftp/server/serve.ts', "import { open } from 'node:fs/promises'").length, 1)
  assert.equal(check('src/ftp/server/serve.ts', "import { diskStore } from '../../stores/disk.ts'").length, 1)
  assert.deepEqual(check('src/ftp/server/serve.ts', "import { reply } from '../wire/reply.ts'"), [])
})

test('dynamic imports and exports count as imports', () => {
  assert.equal(check('src/policy/door.ts', "const x = await import('../net/tcp.ts')").length, 1)
  assert.equal(check('src/policy/door.ts', "export * from '../net/tcp.ts'").length, 1)
})

test('time comes from the clock alone', () => {
  assert.equal(check('src/policy/door.ts', 'const now = Date.now()').length, 1)
  assert.equal(check('src/policy/door.ts', 'setTimeout(run, 5)').length, 1)
  assert.deepEqual(check('src/core/clock.ts', 'now: () => Date.now()'), [])
})

test('a new folder needs its wall first', () => {
  assert.equal(check('src/magic/spell.ts', '').length, 1)
  assert.deepEqual(check('src/index.ts', "export * from './server/serve.ts'"), [])
})

test('the command and the server may import everything', () => {
  assert.deepEqual(check('src/cli/serve.ts', "import { diskStore } from '../stores/disk.ts'"), [])
})
