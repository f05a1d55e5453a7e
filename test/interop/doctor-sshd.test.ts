import assert from 'node:assert/strict'
import { test } from 'node:test'
import { systemClock } from '../../src/core/clock.ts'
import { examineSftp } from '../../src/doctor/sftp/examine-sftp.ts'
import { judgeSftp } from '../../src/doctor/sftp/verdicts.ts'
import { tcpNetwork } from '../../src/net/tcp.ts'
import type { Ask } from '../../src/core/remote.ts'
import { knownHostsInMemory } from '../../src/ssh/known-hosts/files.ts'
import { knownHosts } from '../../src/ssh/known-hosts/trust.ts'
import { signers } from '../../src/testing/ssh-world.ts'
import { noSshd, SshdPlace } from './ssh/sshd-place.ts'

test(
  'the doctor says of sshd which algorithms it has and which ways lead in, when we have no key',
  { skip: noSshd },
  async () => {
    await using place = await SshdPlace.open('PasswordAuthentication=no')
    const host = '127.0.0.1'
    const { port, user } = place
    const ask: Ask = { secret: async () => undefined, trust: async () => 'once' }
    const trust = knownHosts({ files: knownHostsInMemory(), ask, clock: systemClock })
    const found = await examineSftp({
      network: tcpNetwork(),
      clock: systemClock,
      host,
      port,
      patienceMs: 10_000,
      access: { hostName: host, keyName: host, port, user, trust, keys: signers(), through: [] },
      mayWrite: false,
      said: () => undefined,
    })
    assert.match(found.greeting?.reply ?? '', /OpenSSH/)
    assert.ok(found.offer?.kex.includes('curve25519-sha256'))
    assert.equal(found.login?.outcome, 'rejected', found.login?.text)
    assert.ok(found.methods?.includes('publickey'))
    const ids = judgeSftp(found).map(({ id }) => id)
    assert.ok(['ssh-keys-only', 'login-refused'].includes(ids[0] ?? ''), ids.join(' '))
  },
)
