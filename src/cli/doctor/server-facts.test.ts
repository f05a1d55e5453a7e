import assert from 'node:assert/strict'
import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { judgeServer } from '../../doctor/server/verdicts.ts'
import { tcpNetwork } from '../../net/tcp.ts'
import { openRegister } from '../../server/data.ts'
import { testCertificate } from '../../testing/tls-settings.ts'
import { parseServeWords } from '../serving/serve-options.ts'
import { serverFacts } from './server-facts.ts'

test('a configuration is held against the machine: ports, certificate, secrets, homes and the disk', async (t) => {
  const folder = await mkdtemp(join(tmpdir(), 'ferry-facts-'))
  t.after(() => rm(folder, { recursive: true }))
  await mkdir(join(folder, 'files'))
  const { chain, key } = testCertificate('files.example.com')
  const [cert, keyFile] = [join(folder, 'cert.pem'), join(folder, 'key.pem')]
  await writeFile(cert, chain)
  await writeFile(keyFile, key)
  await chmod(keyFile, 0o644)
  const data = await openRegister(join(folder, 'data'))
  t.after(() => data.close())
  data.register.add('maria', undefined, { home: '/no/such/folder' })
  const network = tcpNetwork()
  const taken = await network.listen({ host: '127.0.0.1', port: 0 }, (conn) => conn.destroy())
  t.after(() => taken.close())
  const words = [
    '--ftp',
    `${taken.local.port}`,
    '--host',
    '127.0.0.1',
    '--sftp',
    'off',
    '--user',
    'anna:short',
  ]
  const wish = parseServeWords([join(folder, 'files'), ...words, '--cert', cert, '--key', keyFile])
  const asked = { wish, network, data, connections: 20 }
  const facts = await serverFacts({ ...asked, running: undefined })
  assert.deepEqual(
    facts.ports.map(({ service, state }) => [service, state]),
    [['FTP', 'taken']],
  )
  assert.equal(facts.certificate?.keyFits, true)
  assert.match(facts.certificate?.names ?? '', /files\.example\.com/)
  assert.deepEqual(
    facts.homes.map(({ account, fault }) => [account, fault]),
    [['maria', 'missing']],
  )
  assert.ok((facts.disk?.freeBytes ?? 0) > 0)
  const ids = judgeServer(facts).map(({ id }) => id)
  for (const id of [
    'server-port-taken',
    'server-secret-readable',
    'server-home-missing',
    'server-weak-password',
  ])
    assert.ok(ids.includes(id), ids.join(' '))
  const listeners = [{ port: taken.local.port }]
  const runs = await serverFacts({ ...asked, running: { pid: process.pid, listeners } })
  assert.equal(runs.ports[0]?.state, 'ours')
})
