import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Conn } from '../../core/network.ts'
import { memoryNetwork } from '../../net/memory.ts'
import type { FakeClock } from '../../testing/fake-clock.ts'
import { fakeSeconds } from '../../testing/fake-seconds.ts'
import { speaksWhenAsked } from './reach.ts'

const host = '192.0.2.1'

/** A port that says nothing by itself, and this to whoever has said what it waits for. */
async function asked(waitsFor: string, says: string): Promise<{ speaks: string; seconds: number }> {
  const network = memoryNetwork()
  await network.listen({ host, port: 80 }, (conn) => {
    answer(conn, waitsFor, says).catch(() => conn.destroy())
  })
  const { result, seconds } = await fakeSeconds((clock: FakeClock) =>
    speaksWhenAsked({ network, clock, host, port: 80, patienceMs: 8000 }, host, 80),
  )
  return { speaks: result, seconds }
}

async function answer(conn: Conn, waitsFor: string, says: string): Promise<void> {
  let heard = ''
  for (let pieces = await conn.read(); pieces !== undefined; pieces = await conn.read()) {
    heard += Buffer.concat(pieces).toString('latin1')
    if (heard.includes(waitsFor)) await conn.write(Buffer.from(says, 'latin1'))
  }
}

test('a port that says nothing by itself is asked for TLS and for the web, and no longer than that', async () => {
  assert.equal((await asked('\u0016\u0003', '\u0015\u0003\u0001\0\u0002\u0002\u0032')).speaks, 'tls')
  // One that answers what it can make nothing of at once, and one that waits for the end of a line.
  assert.equal((await asked('\u0016', 'HTTP/1.1 400 Bad Request\r\n\r\n')).speaks, 'http')
  assert.equal((await asked('\r\n\r\n', '<!DOCTYPE HTML>\n')).speaks, 'http')
  const nobody = await asked('what nobody says', '')
  assert.equal(nobody.speaks, 'nothing')
  assert.ok(nobody.seconds <= 7, `${nobody.seconds} s`)
})
