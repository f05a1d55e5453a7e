import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import type { ServerFacts } from '../../src/doctor/server/facts.ts'
import type { Verdict } from '../../src/doctor/verdict.ts'
import { addresses, Lab, whyNoLab } from './lab.ts'
import { ferry, serveAt } from './servers.ts'

test(
  'a Ferry elsewhere sees which ports of a server behind a router are forwarded, and which address it has there',
  { skip: whyNoLab() ?? false, timeout: 120_000 },
  async () => {
    const files = await mkdtemp(join(tmpdir(), 'ferry-lab-'))
    await using lab = new Lab()
    try {
      await serveAt(lab, 'public', files, 2121, [])
      lab.forward('21, 50000-50004')
      // The firewall of the machine itself lets in less than the router forwards.
      lab.rules(
        'server',
        'table inet filter { chain input { type filter hook input priority filter; tcp dport 50000 drop; }; }\n',
      )
      const doctor = [...ferry, 'doctor', '--server', files, '--user', 'anna:long-enough', '--ftp', '21']
      const range = ['--sftp', 'off', '--passive', '50000-50009', '--data', join(files, 'none'), '--json']
      const from = ['--from', `ftp://anna:secret@${addresses.public}:2121/`]
      const { stdout, stderr, status } = await lab.run('server', [...doctor, ...range, ...from], 60)
      assert.equal(status, 5, stderr)
      const { found, verdicts } = JSON.parse(stdout) as { found: ServerFacts; verdicts: readonly Verdict[] }
      assert.equal(found.outside?.sees, addresses.serverNat)
      assert.deepEqual(
        found.outside?.ports.map(({ port, outcome }) => [port, outcome]),
        [
          [21, 'reached'],
          [50_000, 'not reached'],
          [50_004, 'reached'],
          [50_009, 'not reached'],
        ],
      )
      const ids = verdicts.map(({ id }) => id)
      for (const id of [
        'server-not-reached-from-outside',
        'server-passive-dropped',
        'server-public-address-missing',
      ]) {
        assert.ok(ids.includes(id), ids.join(' '))
      }
      assert.ok(!stdout.includes('secret'))
    } finally {
      await rm(files, { recursive: true })
    }
  },
)
