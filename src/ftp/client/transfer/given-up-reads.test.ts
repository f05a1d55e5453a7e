import assert from 'node:assert/strict'
import { test } from 'node:test'
import { IncompleteError } from '../../../core/error.ts'
import { parsePath } from '../../../core/path.ts'
import { atMisbehaving } from '../../../testing/at-misbehaving.ts'
import { settle } from '../../../testing/fake-clock.ts'
import { fileBytes } from '../../../testing/misbehaving/files.ts'
import { say, type FtpScript } from '../../../testing/misbehaving/script.ts'

const path = parsePath('/file.bin')
const mine = new Error('no more of it is wanted')
const opening = say('150 Here it comes')
const stalling: FtpScript = { answers: { RETR: [[opening, { kind: 'send', to: 0.4 }, { kind: 'stall' }]] } }
const breaking: FtpScript = { answers: { RETR: [[opening, { kind: 'send', to: 0.4 }, { kind: 'cut' }]] } }

for (const [when, script] of Object.entries({
  'while it waits for bytes': stalling,
  'between its break and going on': breaking,
})) {
  test(`a download that is given up ${when} does not begin anew, and gives its session back`, async () => {
    await atMisbehaving(
      script,
      async (remote, server) => {
        const file = await remote.open(path, { read: true })
        const reading = assert.rejects(file.read(new Uint8Array(fileBytes.length), 0), IncompleteError)
        await settle()
        await file.abort(mine)
        await reading
        assert.equal((await remote.stat(path)).size, fileBytes.length)
        assert.equal(server.heard.filter((line) => line.startsWith('RETR')).length, 1)
      },
      { connections: 1, retries: 3 },
    )
  })
}
