import assert from 'node:assert/strict'
import { mock, test } from 'node:test'
import { Output } from './output.ts'

test('nothing is left waiting at stdout for a reader who is slow', async () => {
  const { stdout } = process
  const waiting = () => stdout.listenerCount('drain') + stdout.listenerCount('close')
  const before = waiting()
  for (const end of ['drain', 'close']) {
    const write = mock.method(stdout, 'write', () => false)
    const told = new Output({ json: false, quiet: false, verbose: false }).result('line', {})
    write.mock.restore()
    stdout.emit(end)
    await told
    assert.equal(waiting(), before)
  }
})
