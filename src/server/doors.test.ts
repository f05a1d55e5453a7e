import assert from 'node:assert/strict'
import { test } from 'node:test'
import { memoryAccounts } from '../accounts/memory.ts'
import { memoryNetwork, type MemoryNetwork } from '../net/memory.ts'
import { memoryStore } from '../stores/memory.ts'
import { FtpTalk } from '../testing/ftp-talk.ts'
import { tlsSettings } from '../testing/tls-settings.ts'
import { ListenError } from './listen-error.ts'
import { serve, type Server } from './serve.ts'

const host = '192.0.2.1'

async function world() {
  const network = memoryNetwork()
  const home = memoryStore()
  const server = await serve({
    accounts: memoryAccounts([{ name: 'anna', password: 'secret', home }]),
    network,
    ftp: { host, port: 21, passive: { first: 5000, last: 5009 } },
    sftp: { host, port: 22 },
  })
  return { network, server }
}

const doorsOf = ({ listeners }: Server): readonly string[] =>
  listeners.map(({ protocol, address, port }) => `${protocol} ${address} ${port}`)

/** Somebody who is logged in. */
async function talkAt(network: MemoryNetwork, port: number): Promise<FtpTalk> {
  const talk = new FtpTalk(network, await network.connect({ host, port, timeoutMs: 1000 }))
  await talk.heard()
  await talk.say('USER anna')
  assert.match(await talk.say('PASS secret'), /^230 /u)
  return talk
}

test('doors are opened, moved and shut while a session lives on', async () => {
  const { network, server } = await world()
  const talk = await talkAt(network, 21)
  await server.change({
    ftp: { host, port: 2121, implicitPort: 990 },
    sftp: { host, port: 22 },
    tftp: { host, port: 69 },
  })
  assert.deepEqual(doorsOf(server), [
    `sftp ${host} 22`,
    `ftp ${host} 2121`,
    `ftps ${host} 990`,
    `tftp ${host} 69`,
  ])
  await assert.rejects(talkAt(network, 21))
  const other = await talkAt(network, 2121)
  await server.change({ ftp: 'off' })
  assert.deepEqual(doorsOf(server), [])
  for (const one of [talk, other]) assert.match(await one.say('NOOP'), /^200 /u)
  await server.close()
})

test('passive ports are new for who is there already', async () => {
  const { network, server } = await world()
  const talk = await talkAt(network, 21)
  const port = async (): Promise<number> => Number(/\|(\d+)\|/u.exec(await talk.say('EPSV'))?.[1])
  const before = await port()
  assert.ok(before >= 5000 && before <= 5009)
  await server.change({
    ftp: { host, port: 21, passive: { first: 6000, last: 6009 } },
    sftp: { host, port: 22 },
  })
  const after = await port()
  assert.ok(after >= 6000 && after <= 6009)
  await server.change({ ftp: { host, port: 21, passive: 'off' }, sftp: { host, port: 22 } })
  assert.match(await talk.say('EPSV'), /^502 /u)
  await server.close()
})

test('TLS is new for who comes, and stays as agreed for who is there', async () => {
  const { network, server } = await world()
  const clear = await talkAt(network, 21)
  await server.change({ ftp: { host, port: 21, tls: tlsSettings() } })
  assert.match(await clear.say('AUTH TLS'), /^502 /u)
  const secured = await talkAt(network, 21)
  await secured.secure()
  const [, shown] = server.sessions()
  assert.deepEqual([shown?.tls?.version, shown?.tls?.resumed], ['TLSv1.3', false])
  await secured.say('USER anna')
  await secured.say('PASS secret')
  await server.change({ ftp: { host, port: 21 } })
  // The data connection is encrypted, or this would not be understood.
  assert.match((await secured.fetch('MLSD')).answer, /^226 /u)
  assert.match(await (await talkAt(network, 21)).say('AUTH TLS'), /^502 /u)
  await server.close()
})

test('when one door cannot be opened, all stay as they were', async () => {
  const { network, server } = await world()
  const before = doorsOf(server)
  const taken = await network.listen({ host, port: 80 }, () => undefined)
  await assert.rejects(
    server.change({ ftp: { host, port: 2121, passive: 'off' }, sftp: { host, port: 80 } }),
    (thrown) => thrown instanceof ListenError && thrown.protocol === 'sftp' && thrown.port === 80,
  )
  await taken.close()
  assert.deepEqual(doorsOf(server), before)
  await assert.rejects(talkAt(network, 2121))
  const talk = await talkAt(network, 21)
  assert.match(await talk.say('EPSV'), /^229 /u)
  await server.close()
})

test('a door that moves to another address of its port leaves the first one', async () => {
  const { server } = await world()
  await server.change({ ftp: { host: '192.0.2.2', port: 21 }, sftp: { host, port: 22 } })
  assert.deepEqual(doorsOf(server), [`sftp ${host} 22`, 'ftp 192.0.2.2 21'])
  await server.close()
})

test('two changes at once come one after the other', async () => {
  const { server } = await world()
  await Promise.all([
    server.change({ ftp: { host, port: 2121 } }),
    server.change({ ftp: { host, port: 2122 } }),
  ])
  assert.deepEqual(doorsOf(server), [`ftp ${host} 2122`])
  await server.close()
})
