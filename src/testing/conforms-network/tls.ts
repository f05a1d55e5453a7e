import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import type { Conn } from '../../core/network.ts'
import type { SecureClient, SecureConn, SecureServer, TlsBinding, TlsVersion } from '../../core/tls.ts'
import { selfSigned } from '../../server/self-signed.ts'
import { breaks, bytesOf, fails, readExactly, readToCut, readToEnd, turns, type NetworkCase } from './case.ts'
import type { Scene } from './scene.ts'

const certificate = selfSigned({
  names: ['localhost'],
  from: new Date('2020-01-01'),
  until: new Date('2049-01-01'),
})
const other = selfSigned({
  names: ['other.example'],
  from: new Date('2020-01-01'),
  until: new Date('2021-01-01'),
})

const versions: readonly TlsVersion[] = ['TLSv1.2', 'TLSv1.3']

export const tlsCases: readonly NetworkCase[] = [
  {
    name: 'what one end writes the other reads, much of it, in both directions',
    async run(scene) {
      for (const watched of [false, true]) {
        const [near, far] = await secured(scene, { server: { watched } })
        assert.equal(near.secure && far.secure, true)
        const bytes = randomBytes(scene.bulk / 32)
        const [there, back] = await Promise.all([
          readExactly(far, bytes.length),
          readExactly(near, bytes.length),
          near.write(bytes),
          far.write(bytes),
        ])
        assert.ok(there.equals(bytes) && back.equals(bytes))
      }
    },
  },
  {
    name: 'a session is resumed under its binding and under no other, again and again',
    async run(scene) {
      for (const maxVersion of versions) {
        const first = binding(maxVersion)
        let session: Uint8Array | undefined
        for (let turn = 0; turn < 4; turn += 1) {
          const [near, far] = await secured(scene, { binding: first, client: { session } })
          assert.equal(far.tls.resumed, turn > 0, `${maxVersion}, connection ${turn + 1}`)
          session = await sessionOf(near, far)
        }
        const [, stranger] = await secured(scene, { binding: binding(maxVersion), client: { session } })
        assert.equal(stranger.tls.resumed, false)
      }
    },
  },
  {
    name: 'an end that was said is told from a bare one by who watches, also when it reads late',
    async run(scene) {
      const size = scene.bulk / 64
      for (const late of [0, 50]) {
        const [near, far] = await secured(scene, { server: { watched: true } })
        const [bareNear, bareFar] = await secured(scene, { server: { watched: true } }, true)
        await near.write(new Uint8Array(size))
        await near.end()
        const poured = bareNear.write(new Uint8Array(size)).catch(() => undefined)
        await turns(late)
        assert.equal((await readToEnd(far)).length, size)
        assert.equal(far.ending, 'closed-clean')
        await poured
        bareNear.destroy()
        assert.equal((await readToEnd(bareFar)).length, size)
        assert.equal(bareFar.ending, 'fin-only')
      }
    },
  },
  {
    name: 'a cut behind an end that was said takes nothing away',
    async run(scene) {
      const [near, far] = await scene.link()
      const client = scene.network.secure({ ...mute(near), end: async () => undefined }, clientWays({}))
      const server = scene.network.secure(far, serverWays({ server: { watched: true } }))
      const [from, to] = await Promise.all([client, server])
      scene.keep(from, to)
      const whole = randomBytes(4096)
      await from.write(whole)
      await from.end()
      await turns(50)
      near.destroy(new Error('cut'))
      await turns(50)
      assert.ok((await readToEnd(to)).equals(whole))
      await turns(50)
      assert.equal(to.ending, 'closed-clean')
    },
  },
  {
    name: 'where it is said so, who resumes gets no new ticket, and who does not is spoken to in TLS 1.2',
    async run(scene) {
      const same = binding()
      const [first, answer] = await secured(scene, { binding: same })
      const session = await sessionOf(first, answer)
      const quiet = { binding: same, server: { quiet: true, prefersOlder: true } }
      const [near, far] = await secured(scene, { ...quiet, client: { session } })
      assert.equal(far.tls.resumed, true)
      await far.write(bytesOf('x'))
      await readExactly(near, 1)
      await turns(50)
      assert.equal(near.session, undefined)
      const [, fresh] = await secured(scene, quiet)
      assert.equal(fresh.tls.version, 'TLSv1.2')
      const [, newest] = await secured(scene, { ...quiet, client: { limits: { minVersion: 'TLSv1.3' } } })
      assert.equal(newest.tls.version, 'TLSv1.3')
    },
  },
  {
    name: 'a cut is a cut, and never an end',
    async run(scene) {
      for (const watched of [false, true]) {
        const [near, far] = await secured(scene, { server: { watched } })
        await near.write(bytesOf('half'))
        await readExactly(far, 4)
        near.destroy(new Error('cut'))
        await readToCut(far)
      }
    },
  },
  {
    name: 'what is no handshake is refused and cut, and so is a client of another protocol',
    async run(scene) {
      const [near, far] = await scene.link()
      await near.write(bytesOf('USER anna\r\nPASS secret\r\n'))
      await breaks(scene.network.secure(far, serverWays({})))
      // OpenSSL says why, under no encryption, before the end or the cut.
      await readToEnd(near).catch(() => undefined)
      await assert.rejects(secured(scene, { client: { protocols: ['http/1.1'] } }))
    },
  },
  {
    name: 'a handshake that stalls is given up',
    async run(scene) {
      const [, far] = await scene.link()
      await fails('timeout', scene.network.secure(far, { ...serverWays({}), timeoutMs: 20 }))
      const [, second] = await scene.link()
      const stop = new AbortController()
      const waiting = scene.network.secure(second, { ...serverWays({}), signal: stop.signal })
      stop.abort()
      await fails('aborted', waiting)
    },
  },
  {
    name: 'bytes that were read before belong to the handshake all the same',
    async run(scene) {
      for (const watched of [false, true]) {
        const [near, far] = await scene.link()
        const client = scene.network.secure(near, clientWays({}))
        const pieces = (await far.read()) ?? []
        const first = Buffer.concat(pieces)
        const server = await scene.network.secure(far, { ...serverWays({}), first, watched })
        scene.keep(server, await client)
        await (await client).write(bytesOf('ping'))
        assert.equal((await readExactly(server, 4)).toString(), 'ping')
      }
    },
  },
  {
    name: 'who asks by name is shown the certificate of that name, and sees what is wrong with one',
    async run(scene) {
      const others = [{ names: ['other.example'], certificate: other }]
      const named: TlsBinding = { ...binding(), identity: { certificate, others } }
      const [near, far] = await secured(scene, { binding: named, client: { host: 'other.example' } })
      assert.equal(near.tls.peer?.subject, 'CN=other.example')
      assert.equal(near.tls.peer?.fault, 'CERT_HAS_EXPIRED')
      assert.deepEqual(near.tls.peer.otherFaults, ['DEPTH_ZERO_SELF_SIGNED_CERT'])
      assert.equal(far.tls.serverName, 'other.example')
      const trusting = { authorities: certificate.chain }
      const [trusted] = await secured(scene, { binding: named, client: trusting })
      assert.equal(trusted.tls.peer?.fault, undefined)
    },
  },
  {
    name: 'a client shows its certificate to who asks',
    async run(scene) {
      for (const maxVersion of versions) {
        const asking: TlsBinding = {
          ...binding(),
          identity: {
            certificate,
            maxVersion,
            clientCertificates: 'ask',
            clientAuthorities: certificate.chain,
          },
        }
        const [, nobody] = await secured(scene, { binding: asking })
        assert.equal(nobody.tls.peer, undefined)
        const [, known] = await secured(scene, { binding: asking, client: { certificate } })
        assert.equal(known.tls.peer?.fault, undefined)
        assert.match(known.tls.peer?.fingerprint ?? '', /^(?:[0-9A-F]{2}:){31}[0-9A-F]{2}$/u)
        const [, expired] = await secured(scene, { binding: asking, client: { certificate: other } })
        assert.notEqual(expired.tls.peer?.fault, undefined)
      }
    },
  },
  {
    name: 'what is watched can be in clear again, and goes on in both directions',
    async run(scene) {
      for (const maxVersion of versions) {
        const both = { binding: binding(maxVersion), server: { watched: true }, client: { watched: true } }
        const [near, far] = await secured(scene, both)
        await near.write(bytesOf('CCC'))
        await readExactly(far, 3)
        const [nearClear, farClear] = await Promise.all([near.clear(), far.clear()])
        scene.keep(nearClear, farClear)
        assert.equal(farClear.secure, false)
        await nearClear.write(bytesOf('PORT'))
        assert.equal((await readExactly(farClear, 4)).toString(), 'PORT')
        await farClear.write(bytesOf('200 '))
        assert.equal((await readExactly(nearClear, 4)).toString(), '200 ')
        await nearClear.end()
        assert.equal((await readToEnd(farClear)).length, 0)
      }
    },
  },
]

interface Ways {
  readonly binding?: TlsBinding
  readonly server?: Partial<SecureServer>
  readonly client?: Partial<Omit<SecureClient, 'session'>> & { session?: Uint8Array | undefined }
}

function binding(maxVersion: TlsVersion = 'TLSv1.3'): TlsBinding {
  return {
    identity: { certificate, maxVersion },
    name: randomBytes(16),
    secret: randomBytes(32),
    sessions: new Map(),
  }
}

function serverWays(ways: Ways): SecureServer {
  return {
    side: 'server',
    binding: ways.binding ?? binding(),
    protocols: ['ftp'],
    timeoutMs: 10_000,
    ...ways.server,
  }
}

function clientWays({ client: { session, ...client } = {} }: Ways): SecureClient {
  const given = session === undefined ? {} : { session }
  return { side: 'client', host: 'localhost', protocols: ['ftp'], timeoutMs: 10_000, ...client, ...given }
}

/** Both ends of a connection in TLS; with `bare` the near end's `destroy` ends what lies below, without a word under TLS. */
async function secured(scene: Scene, ways: Ways, bare = false): Promise<readonly [SecureConn, SecureConn]> {
  const [near, far] = await scene.link()
  const client = scene.network.secure(bare ? mute(near) : near, clientWays(ways))
  const server = scene.network.secure(far, serverWays(ways))
  for (const end of [client, server]) void end.then((conn) => scene.keep(conn)).catch(() => undefined)
  return Promise.all([client, server])
}

/** As it is, and no socket any more, so that TLS leaves its end alone. */
function mute(conn: Conn): Conn {
  return {
    local: conn.local,
    remote: conn.remote,
    secure: false,
    read: () => conn.read(),
    write: (bytes) => conn.write(bytes),
    end: () => conn.end(),
    destroy: () => conn.destroy(),
  }
}

/** The newest session; under TLS 1.3 it comes behind the first bytes. */
async function sessionOf(near: SecureConn, far: SecureConn): Promise<Uint8Array> {
  await far.write(bytesOf('x'))
  await readExactly(near, 1)
  for (let turn = 0; turn < 1000 && near.session === undefined; turn += 1) await turns(1)
  assert.ok(near.session !== undefined)
  return near.session
}
