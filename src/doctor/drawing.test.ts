import assert from 'node:assert/strict'
import { test } from 'node:test'
import { draw } from './drawing.ts'
import type { Findings } from './findings.ts'
import { reportFtp } from './report-ftp.ts'
import { judge } from './verdicts/all.ts'

const found: Findings = {
  host: 'files.example.com',
  port: 21,
  local: '192.168.50.2',
  peer: '203.0.113.10',
  lookup: { outcome: 'works', ms: 1, addresses: ['203.0.113.10'] },
  knocks: [{ outcome: 'works', ms: 2, address: '203.0.113.10', port: 21 }],
  greeting: { outcome: 'works', ms: 3, speaks: 'ftp', reply: '220 Hello' },
  login: { outcome: 'works', ms: 3 },
  epsv: { outcome: 'works', ms: 3, listed: true, named: { address: '203.0.113.10', port: 50_001 } },
  pasv: { outcome: 'works', ms: 3, listed: true, named: { address: '203.0.113.10', port: 50_002 } },
  portCommand: {
    outcome: 'rejected',
    ms: 3,
    told: { address: '192.168.50.2', port: 40_000 },
    reply: '500 No',
  },
}

test('the two connections are drawn, the one that does not stand is broken', () => {
  const text = draw(found, judge(found))
  assert.equal(
    text,
    [
      '  you 192.168.50.2                                        files.example.com 203.0.11',
      '  control   -------------------------------------------> port 21',
      '  passive   -------------------------------------------> port 50001',
      '  active                          X--------------------- port 40000 here  does not arrive',
    ].join('\n'),
  )
  assert.equal(judge(found)[0]?.id, 'healthy')
  assert.equal(judge(found)[1]?.id, 'active-behind-nat')
})

function controlRow(one: Findings): string {
  return draw(one, judge(one)).split('\n')[1] ?? ''
}

test('a port that opens is not drawn as one that cannot be reached', () => {
  const refused = {
    ...found,
    knocks: [{ outcome: 'refused', ms: 2, address: '203.0.113.10', port: 21 }],
  } as const
  assert.match(controlRow({ ...refused, greeting: undefined } as never), /X +port 21 {2}does not arrive$/u)
  const other = { ...found, greeting: { outcome: 'rejected', ms: 3, speaks: 'ssh' } } as const
  assert.match(controlRow(other), /X +port 21 {2}opens, and no welcome$/u)
  const forgotten = { ...found, rested: { outcome: 'silence', ms: 8000, idleMs: 60_000 } } as const
  assert.match(controlRow(forgotten), /X +port 21 {2}does not last$/u)
})

test('a router that rewrites PORT is told by what the server repeats', () => {
  const told = {
    ...found,
    diagnosis: { outcome: 'works', ms: 1, peer: '203.0.113.1 port 4', arrived: '203,0,113,1,9,9' },
  } as const
  const verdict = judge(told).find(({ id }) => id === 'port-rewritten')
  assert.match(verdict?.sentence ?? '', /192,168,50,2,156,64 was sent, and 203,0,113,1,9,9 arrived/)
})

test('what is told fits into a hundred columns, however much a server says', () => {
  const long = {
    ...found,
    login: { outcome: 'rejected', ms: 3, reply: `530 ${'no such thing '.repeat(20)}` },
  } as const
  const lines = reportFtp(long, judge(long)).split('\n')
  assert.deepEqual(
    lines.filter((line) => line.length > 100),
    [],
  )
})
