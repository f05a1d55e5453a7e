import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import type { Conn } from '../../core/network.ts'
import type { TlsVersion } from '../../core/tls.ts'
import { turns } from '../../testing/conforms-network/case.ts'
import { usualTls, type FtpTalk } from '../../testing/ftp-talk.ts'
import { ftpWorld, type FtpWorld } from '../../testing/ftp-world.ts'
import { tlsSettings } from '../../testing/tls-settings.ts'

/** A connection that keeps back what is written, from some moment on. */
class Dam implements Conn {
  readonly local: Conn['local']
  readonly remote: Conn['remote']
  readonly secure = false
  readonly #inner: Conn
  held: Buffer | undefined

  constructor(inner: Conn) {
    this.#inner = inner
    this.local = inner.local
    this.remote = inner.remote
  }

  read(): Promise<readonly Uint8Array[] | undefined> {
    return this.#inner.read()
  }

  async write(bytes: Uint8Array): Promise<void> {
    if (this.held === undefined) return this.#inner.write(bytes)
    this.held = Buffer.concat([this.held, bytes])
  }

  async end(): Promise<void> {
    if (this.held === undefined) await this.#inner.end()
  }

  destroy(reason?: Error): void {
    if (this.held === undefined) this.#inner.destroy(reason)
  }
}

async function secured(world: FtpWorld): Promise<FtpTalk> {
  const talk = await world.connect()
  await talk.secure()
  await talk.say('USER anna')
  await talk.say('PASS secret')
  return talk
}

/** Sends a file of which only the first bytes of the last record and of the close_notify arrive; 'all': all of them. */
async function storeCut(
  world: FtpWorld,
  talk: FtpTalk,
  how: { arrive: number | 'all'; reset?: boolean },
): Promise<{ answer: string; size: number; tail: number }> {
  const under = await talk.passive()
  const dam = new Dam(under)
  await talk.say('STOR f')
  const { session } = talk.conn as { session?: Uint8Array }
  const conn = await world.network.secure(dam, {
    ...usualTls,
    protocols: ['ftp-data'],
    ...(session === undefined ? {} : { session }),
  })
  await conn.write(Buffer.from('before '))
  dam.held = Buffer.alloc(0)
  await conn.write(Buffer.from('the last record'))
  const record = dam.held.length
  await conn.end()
  const tail = dam.held
  const arrive = how.arrive === 'all' ? tail.length : how.arrive
  await under.write(tail.subarray(0, arrive))
  if (how.reset === true) under.destroy(new Error('cut'))
  else await under.end()
  const answer = await talk.heard()
  under.destroy()
  return { answer, size: record, tail: tail.length }
}

suite('the end of an upload', () => {
  for (const version of ['TLSv1.2', 'TLSv1.3'] as const) {
    for (const end of ['strict', 'lenient'] as const) {
      test(`truncation at every byte of the last record and of close_notify, ${version}, ${end}: never taken for the end`, async () => {
        await using world = await ends(version, end)
        const talk = await secured(world)
        const whole = await storeCut(world, talk, { arrive: 'all' })
        assert.match(whole.answer, /^226 .*22 bytes \(closed-clean\)/)
        await world.put('/f', 'as it was')
        for (let arrive = 0; arrive < whole.tail; arrive += 1) {
          const { answer, size } = await storeCut(world, talk, { arrive })
          if (arrive === 0 || arrive === size) {
            // Where a record ends nothing but close_notify tells that more was to come.
            assert.match(answer, end === 'strict' ? /^426 .*fin-only/ : /^226 .*fin-only/, `${arrive}`)
          } else assert.match(answer, /^426 .*middle of a TLS record \(cut\)/, `${arrive}`)
          if (end === 'strict') assert.equal(await world.text('/f'), 'as it was')
        }
      })
    }
  }

  test('a reset is told from an end, with all bytes there or not', async () => {
    await using world = await ends('TLSv1.3', 'lenient')
    const talk = await secured(world)
    const { answer } = await storeCut(world, talk, { arrive: 3, reset: true })
    assert.match(answer, /^426 .*\(reset\)/)
    assert.equal(world.told('upload').at(-1)?.outcome, 'incomplete')
    assert.equal(world.told('tls').at(-1)?.ending, 'reset')
    // Behind close_notify nothing is missing, whatever comes then.
    assert.match((await storeCut(world, talk, { arrive: 'all', reset: true })).answer, /^226 .*closed-clean/)
  })

  for (const version of ['TLSv1.2', 'TLSv1.3'] as const) {
    test(`curl says the end in order when it gives up (--max-time), and closes all: not taken for the end, ${version}`, async () => {
      await using world = await ends(version, 'strict')
      await world.put('/f', 'as it was')
      const talk = await secured(world)
      const data = await talk.passive()
      await talk.say('STOR f')
      const conn = await talk.encrypted(data)
      await conn.write(Buffer.from('half a fi'))
      await turns(20)
      await world.clock.advance(1000)
      await conn.end()
      await turns(20)
      await world.clock.advance(1)
      await talk.conn.end()
      await turns(20)
      await world.clock.advance(10)
      await turns(20)
      assert.equal(world.told('upload').at(-1)?.outcome, 'incomplete')
      assert.equal(await world.text('/f'), 'as it was')
    })
  }

  test('the verdict stands in the event, with what was agreed', async () => {
    await using world = await ends('TLSv1.3', 'lenient')
    await world.put('/a', 'hello')
    const talk = await secured(world)
    await talk.store('STOR f', 'content')
    await talk.fetch('RETR a')
    const told = world
      .told('tls')
      .map(({ of, version, resumed, ending }) => ({ of, version, resumed, ending }))
    const version = 'TLSv1.3'
    assert.deepEqual(told, [
      { of: 'control', version, resumed: false, ending: undefined },
      { of: 'upload', version, resumed: true, ending: 'closed-clean' },
      { of: 'download', version, resumed: true, ending: undefined },
    ])
  })

  test('ALLO: an upload that is shorter than announced is told of, and refused where ends are strict', async () => {
    for (const end of ['strict', 'lenient'] as const) {
      await using world = await ends('TLSv1.3', end)
      const talk = await secured(world)
      await talk.say('ALLO 7')
      assert.match(await talk.store('STOR f', 'content'), /^226 Stored whole, 7 bytes \(closed-clean\)\.$/)
      await talk.say('ALLO 8')
      assert.match(
        await talk.store('STOR f', 'content'),
        end === 'strict' ? /^426 .*short-of-ALLO/ : /^226 .*short-of-ALLO/,
      )
      // It was for that upload.
      assert.match(await talk.store('STOR f', 'content'), /bytes \(closed-clean\)\.$/)
      await talk.say('ALLO 10')
      await talk.say('REST 7')
      assert.match(await talk.store('STOR f', 'end'), /bytes \(closed-clean\)\.$/)
      await talk.say('ALLO 100')
      assert.match(await talk.say('STOR missing/f'), /^5/)
      assert.match(await talk.store('STOR f', 'content'), /bytes \(closed-clean\)\.$/)
    }
  })
})

function ends(version: TlsVersion, end: 'strict' | 'lenient'): Promise<FtpWorld> {
  const tls = tlsSettings({ end }, { minVersion: version, maxVersion: version })
  return ftpWorld({ settings: { tls } })
}
