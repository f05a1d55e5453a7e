import assert from 'node:assert/strict'
import { test } from 'node:test'
import { systemClock } from '../core/clock.ts'
import type { Conn, Network } from '../core/network.ts'
import { encodeText } from '../core/text.ts'
import { memoryNetwork } from '../net/memory.ts'
import { ftpWorld } from '../testing/ftp-world.ts'
import type { Examination } from './checks/examination.ts'
import { examineFtp } from './examine-ftp.ts'
import { reportFtp } from './report-ftp.ts'
import { judge } from './verdicts/all.ts'

const server = '198.51.100.7'

function examination(network: Network, more: Partial<Examination> = {}): Examination {
  return {
    network,
    clock: systemClock,
    host: server,
    port: 21,
    user: 'anna',
    password: 'secret',
    security: 'clear',
    anyCertificate: false,
    idleMs: 0,
    mayWrite: true,
    patienceMs: 60,
    said: () => undefined,
    ...more,
  }
}

/** A network in which a port says something by itself and nothing else. */
async function portThatSays(text: string): Promise<Network> {
  const network = memoryNetwork()
  await network.listen({ host: server, port: 21 }, (conn) => void conn.write(encodeText(text)))
  return network
}

test('a server that is well is found well, by every way, and nothing is left behind there', async () => {
  await using world = await ftpWorld({ address: server })
  const [listener] = world.server.listeners
  const found = await examineFtp(examination(world.network, { port: listener?.port ?? 0, patienceMs: 5000 }))
  const [verdict, ...others] = judge(found)
  assert.equal(verdict?.id, 'healthy')
  assert.match(verdict?.sentence ?? '', /EPSV, PASV, PORT, EPRT/)
  assert.deepEqual(
    others.map(({ id }) => id),
    ['tls-not-offered'],
  )
  assert.equal(found.roundTrip?.outcome, 'works')
  const names: string[] = []
  for await (const batch of world.home.list('/' as never)) names.push(...batch.map(({ name }) => name))
  assert.deepEqual(names, [])
})

const six = '2001:db8::7'

/** A server at an address of each family, whose passive port is open at one of them. */
async function ofBothFamilies(open: string, more: Readonly<Record<string, string>> = {}) {
  const network = memoryNetwork({ hosts: { 'both.example': [server, six] } })
  const replies = {
    ...usual,
    EPSV: '229 Ok (|||50001|)',
    PASV: '227 Ok (198,51,100,7,195,81)',
    LIST: '150 Here.\r\n226 Done.',
    ...more,
  }
  for (const host of [server, six]) await network.listen({ host, port: 21 }, scripted(replies))
  await network.listen({ host: open, port: 50_001 }, (conn) => void conn.end())
  return network
}

test('passive ports that are open for IPv6 alone are told as that, though the first address is of IPv4', async () => {
  const network = await ofBothFamilies(six, { PORT: '500 No.', EPRT: '500 No.' })
  const found = await examineFtp(examination(network, { host: 'both.example', mayWrite: false }))
  const [verdict, ...others] = judge(found)
  assert.equal(verdict?.id, 'family-blocked')
  assert.match(
    verdict?.sentence ?? '',
    /^By IPv6 all works, and by IPv4 you can log in and no listing comes/u,
  )
  assert.ok(!others.some(({ id }) => id === 'no-data-connection'))
})

test('the address of the other family is logged in to as well, and its passive port tried', async () => {
  const network = await ofBothFamilies(server)
  const found = await examineFtp(examination(network, { host: 'both.example', mayWrite: false }))
  assert.equal(found.otherFamily?.address, six)
  assert.equal(found.otherFamily.outcome, 'refused')
  const [verdict] = judge(found)
  assert.equal(verdict?.id, 'family-blocked')
  assert.match(reportFtp(found, judge(found)), /EPSV by IPv6 +refused/)
})

test('a firewall that lets in one connection and no second is told, whatever the scheme', async () => {
  for (const [security, weight] of [
    ['clear', 'note'],
    ['explicit', 'trouble'],
  ] as const) {
    const network = memoryNetwork()
    const port = await network.listen({ host: server, port: 21 }, (conn) => {
      void port.close()
      scripted({ ...usual, EPSV: '500 No.', PASV: '500 No.' })(conn)
    })
    const verdicts = judge(await examineFtp(examination(network, { security })))
    const verdict = verdicts.find(({ id }) => id === 'second-connection-lost')
    assert.equal(verdict?.weight, weight)
    assert.ok(!verdicts.some(({ id }) => id === 'healthy'))
  }
})

test('without leave nothing is written', async () => {
  await using world = await ftpWorld({ address: server })
  const [listener] = world.server.listeners
  const more = { port: listener?.port ?? 0, patienceMs: 5000, mayWrite: false }
  assert.equal((await examineFtp(examination(world.network, more))).roundTrip, undefined)
})

test('the password is in no line of the dialogue', async () => {
  await using world = await ftpWorld({ address: server })
  const [listener] = world.server.listeners
  const lines: string[] = []
  const more = { port: listener?.port ?? 0, said: (_from: string, line: string) => void lines.push(line) }
  await examineFtp(examination(world.network, more))
  assert.ok(lines.includes('PASS ****'))
  assert.ok(!lines.some((line) => line.includes('secret')))
})

for (const [what, says, id] of [
  ['an SSH server', 'SSH-2.0-OpenSSH_9.2\r\n', 'speaks-ssh'],
  ['a web server', 'HTTP/1.1 400 Bad Request\r\n\r\n', 'speaks-http'],
  ['a mail server', '220 mail.example.com ESMTP Postfix\r\n', 'speaks-smtp'],
  ['a server that is full', '421 Too many connections.\r\n', 'turned-away'],
  ['nobody who speaks', '', 'greeting-silent'],
] as const) {
  test(`${what} on the port is told as that`, async () => {
    const found = await examineFtp(examination(await portThatSays(says)))
    const [verdict] = judge(found)
    assert.equal(verdict?.id, id)
    assert.match(reportFtp(found, judge(found)), /X/)
  })
}

test('a port where nothing listens, and a name that is none', async () => {
  const network = memoryNetwork()
  assert.equal(judge(await examineFtp(examination(network)))[0]?.id, 'port-refused')
  const unknown = await examineFtp(examination(network, { host: 'no.example' }))
  assert.equal(judge(unknown)[0]?.id, 'name-unknown')
})

test('a wrong password is told as that, and a login that wants TLS as that', async () => {
  await using world = await ftpWorld({ address: server })
  const [listener] = world.server.listeners
  const examined = examineFtp(
    examination(world.network, { port: listener?.port ?? 0, password: 'wrong', patienceMs: 5000 }),
  )
  const stop = setInterval(() => void world.clock.advance(1000), 5)
  const found = await examined
  clearInterval(stop)
  assert.equal(judge(found)[0]?.id, 'login-refused')
  const secure = { ...found, login: { outcome: 'rejected', ms: 1, reply: '530 TLS required' } } as const
  assert.equal(judge(secure)[0]?.id, 'login-needs-tls')
})

/** A server that keeps to a script: the reply for a verb, or silence where it has none. */
function scripted(replies: Readonly<Record<string, string>>): (conn: Conn) => void {
  return (conn) => void serveScript(conn, replies)
}

async function serveScript(conn: Conn, replies: Readonly<Record<string, string>>): Promise<void> {
  await conn.write(encodeText('220 Ready.\r\n'))
  for (let pieces = await conn.read(); pieces !== undefined; pieces = await conn.read()) {
    const text = pieces.map((piece) => new TextDecoder().decode(piece)).join('')
    const verb = text.slice(0, 4).trim()
    const reply = replies[verb]
    if (reply !== undefined) await conn.write(encodeText(`${reply}\r\n`))
  }
}

const usual = { USER: '331 Password.', PASS: '230 In.', FEAT: '500 What?', NOOP: '200 Ok.', REST: '350 Ok.' }

for (const [what, replies, id, words] of [
  [
    'PASV that names a private address',
    {
      ...usual,
      EPSV: '500 What?',
      PASV: '227 Entering (10,1,2,3,200,10)',
      PORT: '500 Illegal PORT command.',
    },
    'pasv-private-address',
    /10\.1\.2\.3, which is private/,
  ],
  [
    'PASV that names no address',
    { ...usual, EPSV: '500 What?', PASV: '227 Entering (0,0,0,0,200,10)', PORT: '500 Illegal PORT command.' },
    'pasv-no-address',
    /no address at all/,
  ],
  [
    'passive ports that are closed, and no active mode',
    { ...usual, EPSV: '229 Ok (|||50001|)', PASV: '227 Ok (198,51,100,7,195,81)', PORT: '500 Illegal.' },
    'no-data-connection',
    /port 50001 and nothing listens there/,
  ],
] as const) {
  test(`${what} is the verdict, with a line to change`, async () => {
    const network = memoryNetwork()
    await network.listen({ host: server, port: 21 }, scripted(replies))
    const verdicts = judge(await examineFtp(examination(network)))
    const verdict = verdicts.find((one) => one.id === id)
    assert.ok(verdict, verdicts.map((one) => one.id).join(' '))
    assert.match(verdict.sentence, words)
    assert.ok(verdict.fixes.length > 3)
  })
}

test('a server that stalls at any step does not hold the doctor', async () => {
  const verbs = ['USER', 'PASS', 'FEAT', 'REST', 'NOOP', 'EPSV', 'PASV', 'PORT', 'EPRT'] as const
  for (const stalled of verbs) {
    const network = memoryNetwork()
    const replies: Record<string, string> = {
      ...usual,
      EPSV: '229 (|||5|)',
      PASV: '500 No.',
      PORT: '500 No.',
      EPRT: '500 No.',
    }
    delete replies[stalled]
    await network.listen({ host: server, port: 21 }, scripted(replies))
    const [verdict] = judge(await examineFtp(examination(network, { patienceMs: 20 })))
    assert.equal(verdict?.weight, 'trouble', stalled)
  }
})
