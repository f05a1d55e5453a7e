import assert from 'node:assert/strict'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import { delayingProxy } from '../../bench/delaying-proxy.ts'
import { systemClock } from '../../src/core/clock.ts'
import { parsePath } from '../../src/core/path.ts'
import { tcpNetwork } from '../../src/net/tcp.ts'
import { connectSftp } from '../../src/sftp/client/connect.ts'
import { signerOf } from '../../src/ssh/private-key.ts'
import { signers } from '../../src/testing/ssh-world.ts'
import { makeFile, sha256 } from './scene.ts'
import { noSshd, SshdPlace } from './ssh/sshd-place.ts'

for (const sessions of [10, 2, 1]) {
  test(
    `a big file goes up whole over a long way to an sshd that takes ${sessions} sessions, and comes back`,
    { skip: noSshd },
    async () => {
      await using place = await SshdPlace.open(`MaxSessions=${sessions}`)
      const proxy = await delayingProxy(place.port, 20)
      const trust = { known: async () => [], check: async () => undefined }
      const store = await connectSftp({
        network: tcpNetwork(),
        clock: systemClock,
        host: 'far',
        ask: { secret: async () => undefined, trust: async () => 'no' },
        hosts: {
          find: async () => ({
            hostName: '127.0.0.1',
            keyName: 'far',
            port: proxy.port,
            user: place.user,
            trust,
            keys: signers(signerOf(place.key)),
            through: [],
          }),
        },
      })
      const bytes = 12_345_678
      await makeFile(join(place.folder, 'near'), bytes)
      const near = await readFile(join(place.folder, 'near'))
      const far = parsePath(join(place.folder, 'far'))
      await writeFile(far, 'what was there before')
      const up = await store.open(far, { write: true, create: 'allow', truncate: true })
      for (let at = 0; at < bytes; at += 1_000_000) await up.write([near.subarray(at, at + 1_000_000)], at)
      await up.close()
      assert.equal(up.completeness, 'proven')
      assert.equal(await sha256(far), await sha256(join(place.folder, 'near')))
      const down = await store.open(far, { read: true })
      const back = new Uint8Array(bytes + 1)
      assert.equal(await down.read(back, 0), bytes)
      assert.ok(near.equals(back.subarray(0, bytes)))
      await down.close()
      await store.end()
      proxy.close()
    },
  )
}
