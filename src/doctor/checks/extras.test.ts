import assert from 'node:assert/strict'
import { test } from 'node:test'
import { systemClock } from '../../core/clock.ts'
import type { Conn, Network } from '../../core/network.ts'
import { memoryNetwork } from '../../net/memory.ts'
import { Dialogue } from '../dialogue.ts'
import type { RoundTrip } from '../step.ts'
import { roundTripFails } from '../verdicts/round-trip.ts'
import { tryRoundTrip } from './extras.ts'

const host = '127.0.0.1'

/** A server that keeps one file, and says 226 of a download when its client has closed too, as ProFTPD does. */
async function lingering(network: Network, control: Conn, toRemove: string): Promise<void> {
  const say = (line: string): Promise<void> => control.write(Buffer.from(`${line}\r\n`))
  let kept: readonly Uint8Array[] = []
  let data: Promise<Conn> | undefined
  for (let pieces = await control.read(); pieces !== undefined; pieces = await control.read()) {
    const [verb = ''] = Buffer.concat(pieces).toString().trim().split(' ')
    if (verb === 'EPSV') {
      const arrived = Promise.withResolvers<Conn>()
      data = arrived.promise
      const port = await network.listen({ host, port: 0 }, arrived.resolve)
      await say(`229 Ok (|||${port.local.port}|)`)
    } else if (verb === 'STOR' || verb === 'RETR') {
      await say('150 Go on.')
      const conn = await data
      if (verb === 'STOR') kept = (await readAll(conn)).map((piece) => Uint8Array.from(piece))
      else {
        for (const piece of kept) await conn?.write(piece)
        await conn?.end()
        await readAll(conn)
      }
      await say('226 Whole.')
    } else await say(verb === 'DELE' ? toRemove : '200 Ok.')
  }
}

async function readAll(conn: Conn | undefined): Promise<readonly Uint8Array[]> {
  const all: Uint8Array[] = []
  for (let pieces = await conn?.read(); pieces !== undefined; pieces = await conn?.read())
    all.push(...pieces.map((piece) => Uint8Array.from(piece)))
  return all
}

test('a server that waits for our end before it says 226 is no server whose files cannot be read back', async () => {
  const found = await roundTrip('250 Gone.')
  assert.equal(found.outcome, 'works', JSON.stringify(found))
})

test('a file that the server does not remove is named', async () => {
  const found = await roundTrip('550 It stays.')
  assert.deepEqual([found.outcome, found.stage], ['rejected', 'DELE'])
  assert.match(found.leftBehind ?? '', /ferry-doctor/)
  assert.match(
    roundTripFails({ roundTrip: found })?.evidence.join('\n') ?? '',
    /550 It stays\.\n.* left behind/,
  )
})

async function roundTrip(toRemove: string): Promise<RoundTrip> {
  const network = memoryNetwork()
  await network.listen(
    { host, port: 21 },
    (conn) => void lingering(network, conn, toRemove).catch(() => conn.destroy()),
  )
  const dialogue = new Dialogue(
    await network.connect({ host, port: 21, timeoutMs: 1000 }),
    systemClock,
    () => undefined,
  )
  const about = { network, clock: systemClock, host, port: 21, patienceMs: 2000, said: () => undefined }
  const login = { user: 'anna', password: 'x', security: 'clear', anyCertificate: false } as const
  const found = await tryRoundTrip({ ...about, ...login, mayWrite: true, idleMs: 0 }, dialogue)
  dialogue.leave()
  return found
}
