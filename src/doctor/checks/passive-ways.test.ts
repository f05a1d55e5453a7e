import assert from 'node:assert/strict'
import { test } from 'node:test'
import { systemClock } from '../../core/clock.ts'
import type { Conn, Network } from '../../core/network.ts'
import { encodeText } from '../../core/text.ts'
import { memoryNetwork } from '../../net/memory.ts'
import { Dialogue } from '../dialogue.ts'
import type { Findings } from '../findings.ts'
import type { Examination } from './examination.ts'
import { tryPassiveWays } from './passive-ways.ts'

const host = '192.0.2.1'

/** Asks a server that names these ports one after the other, of which those from 50,005 on are closed. */
async function ways(network: Network, ports: readonly number[]): Promise<Partial<Findings>> {
  for (const port of ports.filter((one) => one < 50_005)) {
    await network.listen({ host, port }, (conn) => void sendListing(conn)).catch(() => undefined)
  }
  const left = [...ports]
  await network.listen({ host, port: 21 }, (conn) => void answer(conn, () => left.shift() ?? ports[0] ?? 0))
  const conn = await network.connect({ host, port: 21, timeoutMs: 1000 })
  const dialogue = new Dialogue(conn, systemClock, () => undefined)
  const examination: Examination = {
    network,
    clock: systemClock,
    host,
    port: 21,
    user: 'anna',
    password: 'secret',
    security: 'clear',
    anyCertificate: false,
    idleMs: 0,
    mayWrite: false,
    patienceMs: 1000,
    said: () => undefined,
  }
  try {
    return await tryPassiveWays(examination, dialogue)
  } finally {
    dialogue.leave()
  }
}

async function sendListing(conn: Conn): Promise<void> {
  await conn.write(encodeText('-rw-r--r-- 1 a b 5 Jan 1 00:00 a\r\n'))
  await conn.end()
}

async function answer(conn: Conn, next: () => number): Promise<void> {
  for (let pieces = await conn.read(); pieces !== undefined; pieces = await conn.read()) {
    const line = pieces.map((piece) => Buffer.from(piece).toString('latin1')).join('')
    const port = next()
    if (line.startsWith('EPSV')) await conn.write(encodeText(`229 Ok (|||${port}|)\r\n`))
    else if (line.startsWith('PASV')) {
      await conn.write(encodeText(`227 Ok (192,0,2,1,${port >> 8},${port & 255})\r\n`))
    } else await conn.write(encodeText('150 Here.\r\n226 Done.\r\n'))
  }
}

function outcomes({ epsv, pasv, tries = [] }: Partial<Findings>): readonly (string | undefined)[] {
  return [epsv, pasv, ...tries].map((step) => step?.outcome)
}

test('where a port that is named is refused, more are asked for', async () => {
  // Each listing that comes takes a number too.
  const found = await ways(memoryNetwork(), [50_001, 0, 50_006, 50_002, 0, 50_007, 50_008, 50_003])
  assert.deepEqual(outcomes(found), ['works', 'refused', 'works', 'refused', 'refused', 'works'])
  assert.equal(found.pasv?.again, 'refused')
})

test('where the first two are reached, more ports are tried without a listing, until two are not reached', async () => {
  const open = [50_001, 0, 50_002, 0, 50_003, 50_004, 50_003, 50_004, 50_003]
  const well = await ways(memoryNetwork(), [...open, 50_004])
  assert.deepEqual(outcomes(well), ['works', 'works', ...Array.from({ length: 6 }, () => 'works')])
  const found = await ways(memoryNetwork(), [50_001, 0, 50_002, 0, 50_007, 50_003, 50_008, 50_004])
  assert.deepEqual(outcomes(found), ['works', 'works', 'refused', 'works', 'refused'])
})

test('a port that is refused and takes the next connection is noticed', async () => {
  const network = memoryNetwork()
  let asked = 0
  // The first connection comes to where nobody is.
  const balanced: Network = {
    listen: (at, take) => network.listen(at, take),
    lookup: (name) => network.lookup(name),
    secure: (conn, how) => network.secure(conn, how),
    datagrams: (options, receive) => network.datagrams(options, receive),
    addresses: () => network.addresses(),
    connect: (to) => network.connect(to.port === 50_001 && (asked += 1) % 2 === 1 ? { ...to, port: 1 } : to),
  }
  const found = await ways(balanced, [50_001, 50_001, 0, 50_001, 0, 50_001, 0, 50_001, 0, 50_001, 0])
  assert.equal(found.epsv?.outcome, 'refused')
  assert.equal(found.epsv.again, 'works')
})
