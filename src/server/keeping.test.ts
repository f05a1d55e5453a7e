import assert from 'node:assert/strict'
import { createHmac } from 'node:crypto'
import { mkdir, mkdtemp, readFile, rename, rm, stat } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test, type TestContext } from 'node:test'
import { memoryAccounts } from '../accounts/memory.ts'
import type { Config } from '../config/config.ts'
import { DatabaseError } from '../database/database.ts'
import { memoryNetwork } from '../net/memory.ts'
import { askControl } from '../net/control-socket.ts'
import { memoryStore } from '../stores/memory.ts'
import { FakeClock, settle } from '../testing/fake-clock.ts'
import { FtpTalk } from '../testing/ftp-talk.ts'
import { recordedEvents } from '../testing/recorded-events.ts'
import { openData } from './data.ts'
import { controlPath, Keeping } from './keeping.ts'
import { serve } from './serve.ts'

async function folderFor(t: TestContext): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'ferry-keep-'))
  t.after(() => rm(folder, { recursive: true }))
  return folder
}

async function world(t: TestContext, config: Config = {}) {
  const folder = await folderFor(t)
  const data = await openData(folder)
  const clock = new FakeClock()
  const log = recordedEvents()
  const network = memoryNetwork()
  const home = memoryStore({ clock })
  const keeping = new Keeping(config, data, log, clock, network)
  const server = await serve({
    ...keeping.options,
    accounts: memoryAccounts([{ name: 'anna', password: 'secret', home }]),
    ftp: { host: '192.0.2.1', port: 21, transcript: true },
    network,
    clock,
  })
  let fresh: Config = config
  await keeping.begin({
    server,
    reload: async () => ({ taken: true, whole: true, problems: await keeping.use(fresh, server) }),
    shares: () => ({ folder: '/srv', config: undefined }),
    recount: async (name) => `counted ${name}`,
    certificates: () => [],
  })
  t.after(async () => {
    await keeping.end()
    await server.close()
    data.close()
  })
  const ask = (question: unknown) => askControl(controlPath(folder), question)
  const reload = async (next: Config): Promise<unknown> => {
    fresh = next
    return ask({ ask: 'reload' })
  }
  const connect = async (from = '192.0.2.50'): Promise<FtpTalk> => {
    const conn = await network.connect({ host: '192.0.2.1', port: 21, localAddress: from, timeoutMs: 1000 })
    return new FtpTalk(network, conn)
  }
  const login = async (from?: string): Promise<FtpTalk> => {
    const talk = await connect(from)
    await talk.heard()
    await talk.say('USER anna')
    assert.match(await talk.say('PASS secret'), /^230/u)
    return talk
  }
  return { folder, clock, log, keeping, server, ask, reload, connect, login, home }
}

test('the control socket is for its owner, and answers what it is asked and nothing else', async (t) => {
  const { folder, ask, login } = await world(t)
  assert.equal((await stat(controlPath(folder))).mode & 0o777, 0o600)
  await login()
  const [session] = (await ask({ ask: 'sessions' })) as { id: string; account: string }[]
  assert.equal(session?.account, 'anna')
  for (const question of [5, null, 'x', [], {}, { ask: 'rm' }, { ask: '__proto__' }])
    assert.deepEqual(await ask(question), { error: 'that cannot be asked' })
  assert.deepEqual(await ask({ ask: 'kick', id: 'nobody' }), { done: false })
  assert.deepEqual(await ask({ ask: 'recount', id: 'anna' }), { text: 'counted anna' })
})

test('a session that is kicked ends, also in the middle of a transfer', async (t) => {
  const { ask, login, server } = await world(t)
  const talk = await login()
  const data = await talk.passive()
  assert.match(await talk.say('STOR /a'), /^150/u)
  await data.write(Buffer.alloc(1000))
  await settle()
  const [session] = server.sessions()
  assert.equal(session?.transfers[0]?.path, '/a')
  assert.equal(session?.transfers[0]?.bytes, 1000)
  assert.deepEqual(await ask({ ask: 'kick', id: session?.id }), { done: true })
  await settle()
  assert.equal(await talk.closed(), true)
  assert.equal(server.sessions().length, 0)
})

test('a second server on the same data folder refuses', async (t) => {
  const { folder } = await world(t)
  await assert.rejects(
    openData(folder),
    (thrown) => thrown instanceof DatabaseError && thrown.trouble === 'locked',
  )
})

test('a new configuration counts at once, no session is lost, and what cannot be taken is said', async (t) => {
  const { reload, login, connect, clock } = await world(t)
  const taken = await takenPort(t)
  const sessions = await Promise.all([1, 2, 3].map(() => login()))
  const [first] = sessions
  const data = await first?.passive()
  assert.match((await first?.say('STOR /a')) ?? '', /^150/u)
  await data?.write(Buffer.from('half'))
  const late = await reload({
    networks: { deny: ['192.0.2.60'] },
    limits: { connections: 4 },
    http: { port: taken },
  })
  assert.deepEqual(late, {
    taken: true,
    whole: true,
    problems: [
      `http stays as it was: HTTP cannot listen at port ${taken} of 127.0.0.1: the port is taken (http.port)`,
    ],
  })
  for (const talk of sessions.slice(1)) assert.match(await talk.say('NOOP'), /^200/u)
  await data?.write(Buffer.from(' and half'))
  await data?.end()
  const answer = first?.heard()
  await settle()
  await clock.advance(1000)
  assert.match((await answer) ?? '', /^226/u)
  assert.match(await (await connect('192.0.2.60')).heard(), /^421/u)
  await login('192.0.2.61')
  assert.match(await (await connect('192.0.2.62')).heard(), /^421/u)
})

test('who guesses is banned and told nothing more, and others do not notice', async (t) => {
  const { connect, login, clock, log } = await world(t, {
    bans: { threshold: 3 },
    limits: { failedLoginDelay: 0 },
  })
  const guesser = await connect('192.0.2.66')
  await guesser.heard()
  for (const user of ['root', 'admin']) {
    await guesser.say(`USER ${user}`)
    const answer = guesser.say('PASS x')
    await settle()
    await clock.advance(1)
    assert.match(await answer, /^530/u)
  }
  assert.match(await (await connect('192.0.2.66')).heard(), /^421 You are not let in/u)
  await login()
  assert.ok(log.of('warning').some(({ text }) => text.startsWith('192.0.2.66 is banned')))
})

test('the recorder keeps the last sessions, with passwords masked', async (t) => {
  const { ask, login, server } = await world(t, { recorder: 2 })
  const talks = [await login(), await login(), await login()]
  await talks[2]?.say('CWD /none')
  const ids = server.sessions().map(({ id }) => id)
  assert.equal(await ask({ ask: 'session', id: ids[0] }), null)
  const text = JSON.stringify(await ask({ ask: 'session', id: ids[2] }))
  assert.match(text, /PASS \*\*\*\*/u)
  assert.match(text, /CWD \/none/u)
  assert.doesNotMatch(text, /secret/u)
})

test('transfers are written as wu-ftpd did, names cannot break a line, and the file can be moved away', async (t) => {
  const folder = await folderFor(t)
  const xferlog = join(folder, 'xferlog')
  const { login, keeping } = await world(t, { log: { xferlog } })
  const talk = await login()
  await talk.store('STOR /a b', 'hello')
  const [line = ''] = (await readFile(xferlog, 'utf8')).split('\n')
  assert.match(
    line,
    /^\w{3} \w{3} [ \d]\d \d\d:\d\d:\d\d 2026 0 192\.0\.2\.50 5 \/a_b b _ i r anna ftp 0 \* c$/u,
  )
  await rename(xferlog, `${xferlog}.old`)
  keeping.rotate()
  await talk.say('DELE /a b')
  assert.match(await readFile(xferlog, 'utf8'), / d r anna /u)
})

test('an xferlog whose folder is gone goes on where it was, and that is said', async (t) => {
  const folder = await folderFor(t)
  await mkdir(join(folder, 'logs'))
  const { login, keeping, log } = await world(t, { log: { xferlog: join(folder, 'logs', 'xferlog') } })
  const talk = await login()
  await rename(join(folder, 'logs'), join(folder, 'away'))
  keeping.rotate()
  assert.match(
    log.of('warning')[0]?.text ?? '',
    /^the xferlog stays where it was: no such file or directory$/u,
  )
  await talk.store('STOR /a', 'hello')
  assert.match(await readFile(join(folder, 'away', 'xferlog'), 'utf8'), / \/a b _ i r anna /u)
})

test('the xferlog and HTTP move with the configuration, and stay where they cannot', async (t) => {
  const folder = await folderFor(t)
  const [one, other] = [join(folder, 'one'), join(folder, 'other')]
  const { login, keeping, reload } = await world(t, { log: { xferlog: one } })
  const talk = await login()
  assert.deepEqual(await reload({ log: { xferlog: other }, http: { port: 0 } }), {
    taken: true,
    whole: true,
    problems: [],
  })
  await talk.store('STOR /a', 'hello')
  assert.equal(await readFile(one, 'utf8'), '')
  assert.match(await readFile(other, 'utf8'), / \/a b _ i r anna /u)
  const url = (): string => `http://127.0.0.1:${keeping.http?.port}/health`
  const first = url()
  assert.equal(await (await fetch(first)).text(), 'ok\n')
  const wrong = { log: { xferlog: join(folder, 'none', 'x') }, http: { port: await takenPort(t) } }
  const { problems } = (await reload(wrong)) as { problems: string[] }
  assert.match(
    problems.join('\n'),
    /^the xferlog goes on as it was: the xferlog .*x cannot be opened: no such file or directory \(log\.xferlog\)\nhttp stays as it was: /u,
  )
  await talk.say('DELE /a')
  assert.match(await readFile(other, 'utf8'), / d r anna /u)
  // It was on no port of its own choice, so it may be on another now.
  assert.equal(await (await fetch(url())).text(), 'ok\n')
  assert.deepEqual(await reload({}), { taken: true, whole: true, problems: [] })
  assert.equal(keeping.http, undefined)
  await assert.rejects(fetch(first))
})

/** A port that somebody else has. */
async function takenPort(t: TestContext): Promise<number> {
  const other = createServer()
  await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve))
  t.after(() => other.close())
  return (other.address() as AddressInfo).port
}

test('webhooks get every event, signed, again and again until they take it', async (t) => {
  const got: { body: string; signature: string | undefined }[] = []
  let status = 500
  const receiver = createServer((request, response) => {
    let body = ''
    request.setEncoding('utf8').on('data', (chunk: string) => {
      body += chunk
    })
    request.on('end', () => {
      got.push({ body, signature: String(request.headers['x-ferry-signature']) })
      response.writeHead(status).end()
    })
  })
  await new Promise<void>((resolve) => receiver.listen(0, '127.0.0.1', resolve))
  t.after(() => {
    receiver.closeAllConnections()
    receiver.close()
  })
  const url = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}/`
  const { login, clock, ask } = await world(t, { webhooks: [{ url, secret: 'key', events: ['login'] }] })
  await login()
  const arrives = async (count: number): Promise<void> => {
    for (let turn = 0; turn < 2000 && got.length < count; turn += 1) {
      await clock.advance(100)
      await new Promise((resolve) => setImmediate(resolve))
    }
  }
  await arrives(2)
  status = 204
  const before = got.length
  await arrives(before + 1)
  const [first, second] = got
  assert.equal(first?.body, second?.body)
  assert.equal(
    first?.signature,
    `sha256=${createHmac('sha256', 'key')
      .update(first?.body ?? '')
      .digest('hex')}`,
  )
  const event = JSON.parse(first?.body ?? '{}') as Record<string, unknown>
  assert.equal(event['event'], 'login')
  assert.equal(event['account'], 'anna')
  for (let turn = 0; turn < 2000; turn += 1) {
    const { ferry_outbox: waiting } = (await ask({ ask: 'status' })) as { ferry_outbox: number }
    if (waiting === 0) return
  }
  assert.fail('it waits still')
})

test('numbers are there for Prometheus, and rules are not a series for each path', async (t) => {
  const { login, keeping } = await world(t)
  const talk = await login()
  await talk.store('STOR /a', 'hello')
  keeping.emit({
    kind: 'refused',
    session: 's',
    protocol: 'ftp',
    peer: { address: '192.0.2.1', port: 1 },
    account: 'anna',
    deed: 'write',
    path: '/x',
    fault: 'denied',
    reason: '',
    rule: 'rights of /in/a"b',
  })
  const text = keeping.metrics({ ferry_sessions: 1 })
  assert.match(text, /^ferry_logins_total\{protocol="ftp"\} 1$/mu)
  assert.match(
    text,
    /^ferry_transfer_bytes_total\{protocol="ftp",direction="upload",outcome="complete"\} 5$/mu,
  )
  assert.match(text, /^ferry_refusals_total\{protocol="ftp",rule="rights",fault="denied"\} 1$/mu)
  assert.match(text, /^# TYPE ferry_sessions gauge\nferry_sessions 1$/mu)
})
