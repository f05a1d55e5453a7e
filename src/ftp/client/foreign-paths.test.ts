import assert from 'node:assert/strict'
import { test } from 'node:test'
import { parsePath, rootPath } from '../../core/path.ts'
import { memoryNetwork } from '../../net/memory.ts'
import { FakeClock } from '../../testing/fake-clock.ts'
import { say } from '../../testing/misbehaving/script.ts'
import { misbehavingServer } from '../../testing/misbehaving/server.ts'
import { connectFtp } from './connect.ts'
import { foreignPaths } from './foreign-paths.ts'

test('paths below a directory of OpenVMS', () => {
  const said = foreignPaths('DISK$USER:[ANON]')
  assert.equal(said?.('CWD /'), 'CWD DISK$USER:[ANON]')
  assert.equal(said?.('CWD /SUB/LOWER'), 'CWD DISK$USER:[ANON.SUB.LOWER]')
  assert.equal(said?.('RETR /A.TXT;2'), 'RETR DISK$USER:[ANON]A.TXT;2')
  assert.equal(said?.('SIZE /SUB/A B.TXT'), 'SIZE DISK$USER:[ANON.SUB]A B.TXT')
  assert.equal(said?.('MDTM 20260303101112 /A.TXT'), 'MDTM 20260303101112 DISK$USER:[ANON]A.TXT')
  assert.equal(foreignPaths('SYS:[000000]')?.('CWD /PUB'), 'CWD SYS:[PUB]')
  assert.equal(foreignPaths('[X]')?.('TYPE A'), 'TYPE A')
})

test('datasets of z/OS and their members', () => {
  for (const landing of ["'ANNA.'", "'ANNA'"]) {
    const said = foreignPaths(landing)
    assert.equal(said?.('CWD /'), "CWD 'ANNA.'")
    assert.equal(said?.('CWD /SOURCE.COBOL'), "CWD 'ANNA.SOURCE.COBOL'")
    assert.equal(said?.('RETR /REPORT.TXT'), "RETR 'ANNA.REPORT.TXT'")
    assert.equal(said?.('STOR /SOURCE.COBOL/MAIN'), "STOR 'ANNA.SOURCE.COBOL(MAIN)'")
  }
})

test('Unix paths, and what is not known, stay as they are', () => {
  for (const landing of ['/', '/home/anna', 'C:\\ftp', 'ANON.191', ''])
    assert.equal(foreignPaths(landing), undefined)
})

test('a mainframe is listed and read where the login lands, in its own words', async () => {
  const clock = new FakeClock()
  const network = memoryNetwork()
  const listing =
    'Volume Unit    Referred Ext Used Recfm Lrecl BlkSz Dsorg Dsname\r\n' +
    'TSO004 3390   2026/01/06  1   15  FB     80 27920  PS  REPORT.TXT\r\n' +
    'TSO004 3390   2026/01/06  1   15  FB     80 27920  PO  SOURCE\r\n'
  await using server = await misbehavingServer(
    {
      listing,
      files: { "/'ANNA.REPORT.TXT'": 'content' },
      answers: {
        PWD: [[say(`257 "'ANNA.'" is working directory.`)]],
        CWD: [[say('250 working directory name prefix is now ANNA.')]],
      },
    },
    { network, clock },
  )
  const ask = { secret: async () => 'secret', trust: async () => 'no' as const }
  const store = await connectFtp({ network, clock, host: server.host, port: server.port, ask })
  const seen: string[] = []
  for await (const batch of store.list(rootPath))
    seen.push(...batch.map(({ name, kind }) => `${name} ${kind}`))
  assert.deepEqual(seen, ['REPORT.TXT file', 'SOURCE directory'])
  const file = await store.open(parsePath('/REPORT.TXT'), { read: true })
  const bytes = new Uint8Array(100)
  assert.equal(await file.read(bytes, 0), 7)
  await file.close()
  assert.ok(server.heard.includes("CWD 'ANNA.'"))
  assert.ok(server.heard.includes("RETR 'ANNA.REPORT.TXT'"))
  await store.end()
})
