import assert from 'node:assert/strict'
import { test } from 'node:test'
import { memoryNetwork } from '../../../net/memory.ts'
import { encodeText } from '../../../core/text.ts'
import type { Conn } from '../../../core/network.ts'
import { NetworkError } from '../../../core/error.ts'
import { FakeClock } from '../../../testing/fake-clock.ts'
import { Control } from './control.ts'

async function talk() {
  const clock = new FakeClock()
  const network = memoryNetwork()
  const { promise, resolve } = Promise.withResolvers<Conn>()
  const port = await network.listen({ host: '127.0.0.1', port: 0 }, resolve)
  const conn = await network.connect({ host: '127.0.0.1', port: port.local.port, timeoutMs: 1000 })
  const server = await promise
  const control = new Control(conn, { clock, silenceMs: 30_000, said: () => undefined })
  const says = (line: string): Promise<void> => server.write(encodeText(`${line}\r\n`))
  return { clock, control, says }
}

test('each reply may take as long as a silence may, and one timer sees to all of them', async () => {
  const { clock, control, says } = await talk()
  for (let reply = 0; reply < 5; reply += 1) {
    const hearing = control.reply()
    await clock.advance(29_000)
    assert.ok(clock.pending <= 1)
    await says('200 Yes')
    assert.equal((await hearing).code, 200)
  }
  const hearing = control.reply()
  const fails = assert.rejects(
    hearing,
    (thrown) =>
      thrown instanceof NetworkError && thrown.fault === 'timeout' && /for 30 s/u.test(thrown.message),
  )
  await clock.advance(29_999)
  assert.ok(control.usable)
  await clock.advance(1)
  await fails
  assert.equal(control.usable, false)
  assert.equal(clock.pending, 0)
})

test('a shorter patience ends before a longer one that was there first, and no wait ends what rests', async () => {
  const { clock, control, says } = await talk()
  const first = control.reply()
  await clock.advance(10)
  await says('220 Here')
  await first
  await clock.advance(600_000)
  assert.ok(control.usable)
  const second = control.reply()
  await clock.advance(10)
  await says('200 Yes')
  await second
  const fails = assert.rejects(control.reply(2000), { message: 'the server said nothing for 2 s' })
  await clock.advance(2000)
  await fails
  assert.equal(clock.pending, 0)
})
