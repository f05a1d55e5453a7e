import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { suite, test } from 'node:test'
import type { Conn } from '../../core/network.ts'
import type { TlsLimits } from '../../core/tls.ts'
import type { FtpTalk } from '../../testing/ftp-talk.ts'
import { readAll } from '../../testing/ftp-talk.ts'
import { turns } from '../../testing/conforms-network/case.ts'
import { ftpWorld, type FtpWorld } from '../../testing/ftp-world.ts'
import { tlsSettings } from '../../testing/tls-settings.ts'
import type { FtpTls } from './ftp-tls.ts'

const passive = { first: 50_000, last: 50_000 }
const nat = '203.0.113.7'

function world(tls: Partial<FtpTls> = {}, more: TlsLimits = {}): Promise<FtpWorld> {
  return ftpWorld({ settings: { passive, tls: tlsSettings(tls, more) } })
}

async function secured(place: FtpWorld, from?: string): Promise<FtpTalk> {
  const talk = await place.connect(from)
  await talk.secure()
  await talk.say('USER anna')
  await talk.say('PASS secret')
  return talk
}

suite('one passive port for everybody', () => {
  for (const version of ['TLSv1.2', 'TLSv1.3'] as const) {
    for (const reuse of ['prefer', 'require'] as const) {
      test(`fifty sessions of one address, up and down at once, ${version}, ${reuse}: each gets its own`, async () => {
        await using place = await world({ reuse }, { minVersion: version, maxVersion: version })
        const all = await Promise.all(Array.from({ length: 50 }, () => secured(place)))
        await Promise.all(
          all.map(async (talk, index) => {
            const own = randomBytes(20_000 + index)
            assert.match(await talk.store(`STOR ${index}`, own), /^226 /)
            for (let turn = 0; turn < 2; turn += 1) {
              const { data, answer } = await talk.fetch(`RETR ${index}`)
              assert.match(answer, /^226 /)
              assert.ok(data.equals(own), `the file of ${index}`)
            }
          }),
        )
        assert.deepEqual(place.told('warning'), [])
      })
    }
  }

  test('a data connection may come from another address than the control connection, with its ticket', async () => {
    await using place = await world()
    await place.put('/a', 'hello')
    const [one, two] = [await secured(place), await secured(place)]
    await two.say('EPSV')
    await one.say('EPSV')
    const conn = await place.network.connect({
      host: '192.0.2.1',
      port: 50_000,
      localAddress: nat,
      timeoutMs: 1000,
    })
    assert.match(await one.say('RETR a'), /^150 /)
    assert.equal((await readAll(await one.encrypted(conn))).toString(), 'hello')
    assert.match(await one.heard(), /^226 /)
  })

  test('plain sessions of one address take turns, and those of others need not wait', async () => {
    await using place = await world()
    await place.put('/a', 'hello')
    const [one, two, far] = [
      await place.login(),
      await place.login(),
      await place.login('anna', 'secret', nat),
    ]
    const first = await one.passive()
    assert.equal((await far.fetch('RETR a')).data.toString(), 'hello')
    // The first has its connection already.
    assert.equal((await two.fetch('RETR a')).data.toString(), 'hello')
    await one.send('RETR a')
    assert.equal((await readAll(first)).toString(), 'hello')
    await two.say('EPSV')
    const waits = far.say('EPSV')
    assert.match(await waits, /^229 /)
    await one.heard()
    await one.heard()
    await one.send('EPSV')
    await place.clock.advance(9000)
    await two.say('ABOR')
    await two.say('QUIT')
    assert.match(await one.heard(), /^229 .*50000/)
  })

  test('who keeps others of its address waiting loses its turn, and who waits too long is told', async () => {
    await using place = await world()
    await place.put('/a', 'hello')
    const [one, two] = [await place.login(), await place.login()]
    assert.match(await one.say('EPSV'), /^229 /)
    await two.send('EPSV')
    await place.clock.advance(12_000)
    assert.match(await two.heard(), /^229 /)
    assert.match(await one.say('RETR a'), /^425 /)
  })

  test('plain and TLS mixed, of one address and of two: nobody gets what is another’s', async () => {
    await using place = await world()
    const plain = await Promise.all(['192.0.2.50', nat].map((from) => place.login('anna', 'secret', from)))
    const secure = await Promise.all(Array.from({ length: 8 }, () => secured(place)))
    const clock = { stands: false }
    const all = [...plain, ...secure].map(async (talk, index) => {
      const own = randomBytes(5000 + index)
      for (let turn = 0; turn < 3; turn += 1) {
        assert.match(await talk.store(`STOR ${index}`, own), /^226 /)
        assert.ok((await talk.fetch(`RETR ${index}`)).data.equals(own))
      }
    })
    const done = Promise.all(all).finally(() => {
      clock.stands = true
    })
    // The clock goes on by itself, for those that wait whether TLS comes.
    while (!clock.stands) await place.clock.advance(50)
    await done
  })

  test('clients that resume nothing are told apart by address, one after another, and refused where they cannot be', async () => {
    await using place = await world()
    await place.put('/a', 'hello')
    const talks = await Promise.all([secured(place), secured(place)])
    for (const talk of talks)
      if (talk.data !== undefined) talk.data = { ...talk.data, session: Buffer.alloc(0) }
    const conns: Conn[] = []
    for (const talk of talks) conns.push(await talk.passive())
    const results = await Promise.allSettled(
      talks.map(async (talk, index) => {
        const conn = conns[index]
        assert.match(await talk.say('RETR a'), /^150 /)
        assert.ok(conn)
        return (await readAll(await talk.encrypted(conn))).toString()
      }),
    )
    assert.deepEqual(
      results.map(({ status }) => status),
      ['rejected', 'rejected'],
    )
    for (const talk of talks) assert.match(await talk.heard(), /^425 .*several transfers of 192\.0\.2\.50/)
    // From here on they take turns.
    const again = await Promise.all(talks.map((talk) => talk.fetch('RETR a')))
    assert.deepEqual(
      again.map(({ data }) => data.toString()),
      ['hello', 'hello'],
    )
  })

  test('one that resumes nothing waits until the others of its address have found theirs', async () => {
    await using place = await world()
    await place.put('/a', 'hello')
    const [odd, usual] = [await secured(place), await secured(place)]
    if (odd.data !== undefined) odd.data = { ...odd.data, session: Buffer.alloc(0) }
    const [first, second] = [await odd.passive(), await usual.passive()]
    assert.match(await odd.say('RETR a'), /^150 /)
    const got = odd.encrypted(first).then(readAll)
    await turns(20)
    assert.match(await usual.say('RETR a'), /^150 /)
    assert.equal((await readAll(await usual.encrypted(second))).toString(), 'hello')
    assert.equal((await got).toString(), 'hello')
    assert.match(await odd.heard(), /^226 /)
  })

  for (const reuse of ['prefer', 'require'] as const) {
    test(`data-connection theft: another session's ticket gets nothing, and the right one still its file (${reuse})`, async () => {
      await using place = await world({ reuse })
      await place.put('/a', 'hello')
      const [victim, thief] = [await secured(place), await secured(place)]
      await victim.say('EPSV')
      const to = { host: '192.0.2.1', port: 50_000, localAddress: '192.0.2.50', timeoutMs: 1000 }
      const stolen = await place.network.connect(to)
      assert.match(await victim.say('RETR a'), /^150 /)
      await assert.rejects(thief.encrypted(stolen).then(readAll))
      const own = await place.network.connect(to)
      assert.equal((await readAll(await victim.encrypted(own))).toString(), 'hello')
      assert.match(await victim.heard(), /^226 /)
      assert.match(
        place.told('warning')[0]?.text ?? '',
        /TLS session of another control connection \(rclone needs --ftp-tls-cache-size 0/,
      )
    })
  }

  test('data-connection theft: without any session it is refused where one is required', async () => {
    await using place = await world({ reuse: 'require' })
    await place.put('/a', 'hello')
    const victim = await secured(place)
    await victim.say('EPSV')
    const stolen = await place.network.connect({
      host: '192.0.2.1',
      port: 50_000,
      localAddress: nat,
      timeoutMs: 1000,
    })
    await victim.send('RETR a')
    const thief = { ...victim.data, session: Buffer.alloc(0) }
    assert.match(await victim.heard(), /^150 /)
    await assert.rejects(
      place.network
        .secure(stolen, { side: 'client', host: 'x', protocols: [], timeoutMs: 1000, ...thief })
        .then(readAll),
    )
    const own = await place.network.connect({
      host: '192.0.2.1',
      port: 50_000,
      localAddress: '192.0.2.50',
      timeoutMs: 1000,
    })
    assert.equal((await readAll(await victim.encrypted(own))).toString(), 'hello')
  })

  test('strangers that say nothing are cut, and the port is closed when nobody waits', async () => {
    await using place = await world()
    await place.put('/a', 'hello')
    const before = place.network.open
    const talk = await secured(place)
    await talk.say('EPSV')
    const strangers = []
    for (let count = 0; count < 80; count += 1)
      strangers.push(
        await place.network.connect({ host: '192.0.2.1', port: 50_000, localAddress: nat, timeoutMs: 1000 }),
      )
    assert.ok(place.network.open.accepted < before.accepted + 75)
    const own = await place.network.connect({
      host: '192.0.2.1',
      port: 50_000,
      localAddress: '192.0.2.50',
      timeoutMs: 1000,
    })
    assert.match(await talk.say('RETR a'), /^150 /)
    assert.equal((await readAll(await talk.encrypted(own))).toString(), 'hello')
    await talk.heard()
    await talk.say('QUIT')
    await talk.closed()
    assert.equal(place.network.open.ports, before.ports)
  })
})
