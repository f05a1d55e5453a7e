import assert from 'node:assert/strict'
import { test } from 'node:test'
import { FileError } from '../../../core/error.ts'
import type { Path } from '../../../core/path.ts'
import type { Entry } from '../../../core/store.ts'
import { PassingStore } from '../../../policy/passing.ts'
import { memoryStore } from '../../../stores/memory.ts'
import { SftpTalk } from '../../../testing/sftp-talk.ts'
import { SftpWorld } from '../../../testing/sftp-world.ts'
import { status } from '../../wire/reply.ts'

/** Its directory is removed as soon as its listing has begun. */
class Vanishing extends PassingStore {
  held = 0

  override async *list(): AsyncGenerator<readonly Entry[]> {
    this.held += 1
    try {
      yield [{ name: 'a', kind: 'file', size: 0, modified: new Date(0) }]
    } finally {
      this.held -= 1
    }
  }

  override async stat(path: Path): Promise<Entry> {
    throw new FileError('not-found', `${path} is gone`)
  }
}

test('a directory that is removed while it is opened is not held', async () => {
  const home = new Vanishing(memoryStore())
  const world = new SftpWorld({ home })
  const talk = new SftpTalk(await world.dial())
  await talk.greet()
  assert.equal(await talk.outcome({ kind: 'opendir', path: '/d' }), status.noSuchFile)
  assert.equal(home.held, 0)
  await talk.conn.end()
  await world.over()
})
