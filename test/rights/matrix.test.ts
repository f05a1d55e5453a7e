import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Right } from '../../src/core/account.ts'
import { parsePath } from '../../src/core/path.ts'
import type { Store } from '../../src/core/store.ts'
import type { Conn } from '../../src/core/network.ts'
import { systemClock } from '../../src/core/clock.ts'
import { memoryLedger } from '../../src/cluster/memory.ts'
import { memoryNetwork } from '../../src/net/memory.ts'
import { allPolicies, guard } from '../../src/policy/index.ts'
import { quotas } from '../../src/policy/quota.ts'
import { scpWork } from '../../src/scp/serve.ts'
import { loginOf } from '../../src/testing/login-of.ts'
import { tftpWorld, type TftpWorld } from '../../src/testing/tftp-world.ts'
import { allRights } from '../../src/core/rights.ts'
import { memoryStore } from '../../src/stores/memory.ts'
import { readAll, type FtpTalk } from '../../src/testing/ftp-talk.ts'
import { ftpWorld } from '../../src/testing/ftp-world.ts'
import { SftpWorld } from '../../src/testing/sftp-world.ts'
import { fileText, putFile } from '../../src/testing/store-files.ts'

/** A deed, the rights it needs, and how it is done: true where it was allowed. */
interface Deed<Client> {
  readonly name: string
  readonly needs: readonly Right[]
  run(client: Client): Promise<boolean>
}

const rights = [...allRights]

/** Each right alone, all but each, and all of them. */
const accounts: readonly (readonly Right[])[] = [
  ...rights.map((right) => [right]),
  ...rights.map((right) => rights.filter((other) => other !== right)),
  rights,
]

async function home(): Promise<Store> {
  const store = memoryStore()
  await putFile(store, '/f', 'content')
  await store.mkdir(parsePath('/d'))
  await store.mkdir(parsePath('/e'))
  await putFile(store, '/d/g', 'other')
  return store
}

const say = (name: string, needs: readonly Right[], ...lines: readonly string[]): Deed<FtpTalk> => ({
  name,
  needs,
  async run(talk) {
    let answer = ''
    for (const line of lines) answer = await talk.say(line)
    return answer.startsWith('2')
  },
})

const fetching = (line: string, needs: readonly Right[]): Deed<FtpTalk> => ({
  name: line,
  needs,
  run: async (talk) => (await talk.fetch(line)).answer.startsWith('226'),
})

const storing = (line: string, needs: readonly Right[]): Deed<FtpTalk> => ({
  name: line,
  needs,
  run: async (talk) => (await talk.store(line, 'new')).startsWith('2'),
})

const ftpDeeds: readonly Deed<FtpTalk>[] = [
  fetching('LIST', ['list']),
  fetching('NLST /d', ['list']),
  fetching('MLSD', ['list']),
  say('STAT /d', ['list'], 'STAT /d'),
  fetching('RETR /f', ['read']),
  say('HASH', ['read'], 'HASH /f'),
  ...['XCRC', 'MD5', 'XMD5', 'XSHA', 'XSHA1', 'XSHA256', 'XSHA512'].map((verb) =>
    say(verb, ['read'], `${verb} /f`),
  ),
  say('COMB', ['read', 'create', 'remove'], 'COMB /new /f /d/g'),
  say('RMDA', ['list', 'remove', 'directories'], 'RMDA /d'),
  say('DSIZ', ['list'], 'DSIZ /d'),
  storing('STOR /new', ['create']),
  storing('STOR /f', ['overwrite']),
  storing('STOU', ['create']),
  storing('APPE /new', ['create']),
  storing('APPE /f', ['overwrite']),
  say('DELE', ['remove'], 'DELE /f'),
  say('MKD', ['directories'], 'MKD /new'),
  say('XMKD', ['directories'], 'XMKD /new'),
  say('RMD', ['directories'], 'RMD /e'),
  say('RNTO', ['rename'], 'RNFR /f', 'RNTO /new'),
  say('RNTO over a file', ['rename', 'overwrite'], 'RNFR /f', 'RNTO /d/g'),
  say('MFMT', ['attributes'], 'MFMT 20200101000000 /f'),
  say('MFF', ['attributes'], 'MFF Modify=20200101000000; /f'),
  say('SITE CHMOD', ['attributes'], 'SITE CHMOD 600 /f'),
  say('SITE UTIME', ['attributes'], 'SITE UTIME 20200101000000 /f'),
  say('SITE SYMLINK', ['links'], 'SITE SYMLINK f /new'),
  say('SITE COPY', ['read', 'create'], 'SITE CPFR /f', 'SITE CPTO /new'),
  say('SITE MKDIR', ['directories'], 'SITE MKDIR /new'),
]

const done = async (work: Promise<unknown>): Promise<boolean> =>
  work.then(
    () => true,
    () => false,
  )

const sftpDeeds: readonly Deed<Store>[] = [
  {
    name: 'OPENDIR, READDIR',
    needs: ['list'],
    run: (remote) =>
      done(
        (async () => {
          for await (const batch of remote.list(parsePath('/'))) assert.ok(batch.length > 0)
        })(),
      ),
  },
  { name: 'READ', needs: ['read'], run: (remote) => done(fileText(remote, '/f')) },
  { name: 'WRITE a new file', needs: ['create'], run: (remote) => done(putFile(remote, '/new', 'x')) },
  { name: 'WRITE over a file', needs: ['overwrite'], run: (remote) => done(putFile(remote, '/f', 'x')) },
  { name: 'REMOVE', needs: ['remove'], run: (remote) => done(remote.remove(parsePath('/f'))) },
  { name: 'MKDIR', needs: ['directories'], run: (remote) => done(remote.mkdir(parsePath('/new'))) },
  { name: 'RMDIR', needs: ['directories'], run: (remote) => done(remote.rmdir(parsePath('/e'))) },
  {
    name: 'RENAME',
    needs: ['rename'],
    run: (remote) => done(remote.rename(parsePath('/f'), parsePath('/new'), false)),
  },
  {
    name: 'posix-rename over a file',
    needs: ['rename', 'overwrite'],
    run: (remote) => done(remote.rename(parsePath('/f'), parsePath('/d/g'), true)),
  },
  {
    name: 'SETSTAT of a mode',
    needs: ['attributes'],
    run: (remote) => done(remote.change(parsePath('/f'), { mode: 0o600 })),
  },
  {
    name: 'SETSTAT of a size',
    needs: ['overwrite'],
    run: (remote) => done(remote.change(parsePath('/f'), { size: 1 })),
  },
  {
    name: 'SYMLINK',
    needs: ['links'],
    run: (remote) => done(remote.link(parsePath('/new'), 'f', 'symbolic')),
  },
  { name: 'hardlink', needs: ['links'], run: (remote) => done(remote.link(parsePath('/new'), '/f', 'hard')) },
]

const read = (name: string): Deed<TftpWorld> => ({
  name: `RRQ ${name}`,
  needs: ['read'],
  async run(world) {
    const talk = await world.client()
    const [heard] = await talk.ask('read', name)
    return heard?.packet.kind === 'data'
  },
})

const write = (name: string, needs: readonly Right[]): Deed<TftpWorld> => ({
  name: `WRQ ${name}`,
  needs,
  async run(world) {
    const talk = await world.client()
    const [begun] = await talk.ask('write', name)
    if (begun?.packet.kind !== 'ack') return false
    await talk.say({ kind: 'data', block: 1, bytes: Buffer.from('new') })
    return (await world.get(`/${name}`))?.toString() === 'new'
  },
})

const tftpDeeds = [read('f'), write('new', ['create']), write('f', ['overwrite'])]

/** The two ends of a connection. */
async function ends(): Promise<readonly [Conn, Conn]> {
  const network = memoryNetwork()
  const came = Promise.withResolvers<Conn>()
  const at = { host: '192.0.2.1', port: 1 }
  await network.listen(at, came.resolve)
  const near = await network.connect({ ...at, timeoutMs: 1000 })
  return [near, await came.promise]
}

const scp = (command: string, needs: readonly Right[], said: string): Deed<Store> => ({
  name: command,
  needs,
  async run(files) {
    const [near, far] = await ends()
    const work = scpWork({ emit: () => undefined })(command)
    if (work === undefined) throw new Error(`${command} is no scp`)
    await near.write(Buffer.from(said))
    await near.end()
    const drained = readAll(near)
    const status = await work(far, { ...loginOf(), files })
    far.destroy()
    await drained.catch(() => undefined)
    return status === 0
  },
})

const scpDeeds: readonly Deed<Store>[] = [
  scp('scp -f /f', ['read'], '\0\0\0\0'),
  scp('scp -t /new', ['create'], 'C0644 1 x\nx\0'),
  scp('scp -t /f', ['overwrite'], 'C0644 1 f\nx\0'),
]

function isAllowed(deed: Deed<never>, allow: readonly Right[]): boolean {
  return deed.needs.every((right) => allow.includes(right))
}

function rulesOf(allow: readonly Right[]) {
  return [{ path: parsePath('/'), allow }]
}

for (const deed of ftpDeeds) {
  test(`FTP ${deed.name} needs ${deed.needs.join(' and ')}, and nothing else does`, async () => {
    for (const allow of accounts) {
      await using world = await ftpWorld({
        home: await home(),
        accounts: (store) => [{ name: 'anna', password: 'secret', home: store, rights: rulesOf(allow) }],
      })
      const talk = await world.login()
      assert.equal(await deed.run(talk), isAllowed(deed, allow), `with ${allow.join(', ')}`)
    }
  })
}

for (const deed of sftpDeeds) {
  test(`SFTP ${deed.name} needs ${deed.needs.join(' and ')}, and nothing else does`, async () => {
    for (const allow of accounts) {
      const world = new SftpWorld({ home: await home(), account: { rights: rulesOf(allow) } })
      const remote = await world.connect()
      assert.equal(await deed.run(remote), isAllowed(deed, allow), `with ${allow.join(', ')}`)
      await remote.end()
      await world.over()
    }
  })
}

for (const deed of tftpDeeds) {
  test(`TFTP ${deed.name} needs ${deed.needs.join(' and ')}, and nothing else does`, async () => {
    for (const allow of accounts) {
      await using world = await tftpWorld({ write: 'replace' }, { rights: rulesOf(allow) })
      await world.put('/f', Buffer.from('content'))
      assert.equal(await deed.run(world), isAllowed(deed, allow), `with ${allow.join(', ')}`)
    }
  })
}

for (const deed of scpDeeds) {
  test(`${deed.name} needs ${deed.needs.join(' and ')}, and nothing else does`, async () => {
    for (const allow of accounts) {
      const login = loginOf({ home: await home(), rights: rulesOf(allow) })
      const files = guard(
        login.account.home,
        login,
        allPolicies({ emit: () => undefined }, systemClock, { quotas: quotas(memoryLedger(systemClock)) }),
      )
      assert.equal(await deed.run(files), isAllowed(deed, allow), `with ${allow.join(', ')}`)
    }
  })
}

/** Verbs that change nothing and tell nothing of what a file holds, or do nothing without another verb. */
const harmless =
  'ABOR ACCT ALLO AUTH AVBL CCC CDUP CLNT CSID CWD EPRT EPSV FEAT HELP HOST LANG MDTM MLST MODE NOOP OPTS PASS PASV PBSZ PORT PROT PWD QUIT RANG REIN REST RNFR SIZE SMNT STRU SYST TYPE USER'

test('there is no verb of FTP that is not judged above, or known to do no harm', async () => {
  await using world = await ftpWorld({})
  const talk = await world.login()
  const [, ...lines] = (await talk.say('HELP')).split('\n')
  const verbs = lines.slice(0, -1).flatMap((line) => line.trim().split(/\s+/u))
  assert.ok(verbs.length > 50)
  const judged = new Set(ftpDeeds.map(({ name }) => name.split(' ')[0]))
  // It is MFMT for a time that nobody keeps.
  const others = verbs.filter((verb) => !judged.has(verb) && !harmless.split(' ').includes(verb))
  assert.deepEqual(others, ['MFCT'])
  const words = [...(await talk.say('SITE HELP')).matchAll(/^SITE (\w+)/gmu)].map(([, word]) => word)
  const judgedWords = new Set(ftpDeeds.map(({ name }) => name.split(' ')[1]))
  assert.deepEqual(
    words.filter((word) => !judgedWords.has(word)),
    ['CPFR', 'CPTO', 'IDLE', 'UMASK', 'WHO', 'DIAG', 'HELP', 'knows'].filter((word) => words.includes(word)),
  )
})
