import assert from 'node:assert/strict'
import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { test, type TestContext } from 'node:test'
import { openRegister } from '../server/data.ts'
import { UsageError } from './usage-error.ts'
import { userCommand } from './user.ts'
import { withWords } from './user/setting-words.ts'

test('settings are changed one by one, and an empty value takes one away', () => {
  const said = withWords({ sessions: 3 }, [
    'quota.bytes=10GB',
    'rights./in.d=[list, create]',
    'readOnly=true',
  ])
  assert.deepEqual(said, {
    sessions: 3,
    quota: { bytes: '10GB' },
    rights: { '/in.d': ['list', 'create'] },
    readOnly: true,
  })
  assert.deepEqual(withWords(said, ['quota.bytes=', 'sessions=', 'rights./in.d=']), { readOnly: true })
  for (const word of ['sessions', '=3', 'a=[']) assert.throws(() => withWords({}, [word]), UsageError)
})

test('patterns of names need no quotes', () => {
  const said = withWords({}, ['names.deny=[*.exe, *.b c, x*]', 'names.allow=["*.txt"]'])
  assert.deepEqual(said, { names: { deny: ['*.exe', '*.b c', 'x*'], allow: ['*.txt'] } })
  assert.deepEqual(withWords({}, ['names={deny: [*.exe]}']), { names: { deny: ['*.exe'] } })
})

test('what a place in the home is, is said word by word too, and folders are those of where it is typed', () => {
  const said = withWords({}, [
    'home=anna',
    'mounts./in.from=in',
    'mounts./in.readOnly=true',
    'mounts./far.from=sftp://host/x',
    'mounts./far.passwordFile=/etc/far',
    'mounts./memory={from: memory}',
    'mounts./v1.0={from: ../v1}',
    'mounts./bert.from=account bert',
  ])
  assert.deepEqual(said, {
    home: resolve('anna'),
    mounts: {
      '/in': { from: resolve('in'), readOnly: true },
      '/far': { from: 'sftp://host/x', passwordFile: '/etc/far' },
      '/memory': { from: 'memory' },
      '/v1.0': { from: resolve('../v1') },
      '/bert': { from: 'account bert' },
    },
  })
  const less = withWords(said, ['mounts./in.readOnly=', 'mounts./far=', 'mounts./memory.from=', 'home='])
  assert.deepEqual(less, {
    mounts: {
      '/in': { from: resolve('in') },
      '/v1.0': { from: resolve('../v1') },
      '/bert': { from: 'account bert' },
    },
  })
})

async function world(t: TestContext) {
  const folder = await mkdtemp(join(tmpdir(), 'ferry-user-'))
  t.after(() => rm(folder, { recursive: true }))
  const lines: string[] = []
  t.mock.method(process.stdout, 'write', (text: string) => lines.push(text) > 0)
  const run = (...words: string[]) => userCommand([...words, '--data', folder])
  const register = async <Result>(
    look: (data: Awaited<ReturnType<typeof openRegister>>) => Result,
  ): Promise<Result> => {
    const data = await openRegister(folder)
    const result = look(data)
    data.close()
    return result
  }
  return { folder, lines, run, register }
}

test('accounts are added, changed, shown without secrets, and removed', async (t) => {
  const { lines, run, register } = await world(t)
  await run('add', 'anna', 'sessions=2', '--generate')
  assert.match(lines[0] ?? '', /^[a-z2-9]{12}\n$/u)
  await run('set', 'anna', 'quota.bytes=1MB')
  await run('code', 'anna')
  assert.match(lines.join(''), /otpauth:\/\/totp\/ferry:anna\?secret=[A-Z2-7]{32}&/u)
  lines.length = 0
  await run('show', 'anna', '--json')
  assert.doesNotMatch(lines.join(''), /argon2|secret/u)
  assert.deepEqual(JSON.parse(lines.join('')), {
    name: 'anna',
    password: true,
    codes: true,
    keys: [],
    settings: { sessions: 2, quota: { bytes: '1MB' } },
  })
  await run('remove', 'anna')
  assert.equal(await register(({ register: kept }) => kept.find('anna')), undefined)
})

test('a home that is not there is told at once, as nobody is let in without', async (t) => {
  const { folder, run } = await world(t)
  const told: string[] = []
  t.mock.method(process.stderr, 'write', (text: string) => told.push(text) > 0)
  await run('add', 'anna', `home=${folder}/none`, '--generate')
  assert.equal(told[1], `${folder}/none is no folder yet: until it is one, anna is not let in\n`)
  told.length = 0
  await run('set', 'anna', `home=${folder}`, `mounts./x.from=${folder}/far`)
  assert.deepEqual(told, [`${folder}/far is no folder yet: until it is one, anna is not let in\n`])
  told.length = 0
  await run('set', 'anna', `mounts={"/y": {from: memory}, "/z": {from: "${folder}/%u"}}`)
  assert.deepEqual(told, [])
})

test('what cannot be done is said in words', async (t) => {
  const { run } = await world(t)
  await run('add', 'anna', '--generate')
  for (const words of [
    ['add', 'anna', '--generate'],
    ['add', 'bert', 'sesions=3', '--generate'],
    ['set', 'nobody', 'sessions=3'],
    ['set', 'anna'],
    ['show'],
    ['key', 'anna', 'add', '/nonexistent'],
    ['remove', 'nobody'],
    ['frobnicate'],
    ['import', 'nothing', 'x'],
    ['remove', 'anna', 'bert'],
    ['list', 'anna'],
  ])
    await assert.rejects(run(...words), UsageError, words.join(' '))
  await run('show', 'anna')
})

test('an account whose settings mean nothing here hides no other, and is mended or removed by its name', async (t) => {
  const { lines, run, register } = await world(t)
  await run('add', 'anna', '--generate')
  await run('add', 'bert', '--generate')
  const spoil = () =>
    register(({ database }) =>
      database.run(`UPDATE accounts SET settings = '{"later":1}' WHERE name = 'anna'`),
    )
  await spoil()
  lines.length = 0
  await run('list')
  assert.match(lines.join(''), /^anna {2}not let in: anna: later .*\nbert\n$/u)
  await assert.rejects(run('show', 'anna'), UsageError)
  await run('set', 'anna', 'later=')
  await run('show', 'anna')
  await spoil()
  await run('remove', 'anna')
  await assert.rejects(run('show', 'anna'), /there is no user anna/u)
})

test('a password that was made is told once it holds', async (t) => {
  const { lines, run } = await world(t)
  await assert.rejects(run('add', 'anna', 'sesions=3', '--generate'), UsageError)
  assert.deepEqual(lines, [])
})

test('a folder in which nothing was kept is told, and none is made of a slip', async (t) => {
  const { folder } = await world(t)
  const slip = join(folder, 'slip')
  await assert.rejects(userCommand(['list', '--data', slip]), /nothing was kept in .*slip yet\..*--data DIR/u)
  await assert.rejects(stat(slip), { code: 'ENOENT' })
})

test('ferry.yaml says which data folder is meant, and one that cannot be read is told', async (t) => {
  const { folder, lines, run } = await world(t)
  await run('add', 'anna', '--generate')
  lines.length = 0
  const file = join(folder, 'ferry.yaml')
  await writeFile(file, `data: ${folder}\n`)
  await userCommand(['list', '--config', file])
  assert.deepEqual(lines, ['anna\n'])
  await assert.rejects(
    userCommand(['list', '--config', join(folder, 'none.yaml')]),
    /none\.yaml cannot be read/u,
  )
})

test('keys are taken from files as OpenSSH writes them, and none that looks like one or would lose a restriction', async (t) => {
  const { folder, run, register } = await world(t)
  await run('add', 'anna', '--generate')
  const blob = Buffer.concat([
    Buffer.from([0, 0, 0, 11]),
    Buffer.from('ssh-ed25519'),
    Buffer.from([0, 0, 0, 32]),
    Buffer.alloc(32, 7),
  ])
  const line = `ssh-ed25519 ${blob.toString('base64')} anna@home`
  for (const wrong of [
    `ssh-rsa ${blob.toString('base64')} liar`,
    `command="x" ${line}`,
    `cert-authority ${line}`,
  ]) {
    await writeFile(join(folder, 'keys'), `${line}\n${wrong}\n`)
    await assert.rejects(run('key', 'anna', 'add', join(folder, 'keys')), /line 2/)
  }
  await writeFile(join(folder, 'keys'), `# mine\nno-pty ${line}\n`)
  await run('key', 'anna', 'add', join(folder, 'keys'))
  const keys = await register(({ register: kept }) => kept.keysOf('anna'))
  assert.equal(keys.length, 1)
  assert.equal(keys[0]?.remark, 'ssh-ed25519 anna@home')
  await run('key', 'anna', 'remove', keys[0]?.name ?? '')
  assert.equal((await register(({ register: kept }) => kept.keysOf('anna'))).length, 0)
})

test('users of another server are taken over once, and each is told', async (t) => {
  const { folder, lines, run, register } = await world(t)
  await writeFile(
    join(folder, 'htpasswd'),
    'anna:$apr1$saltsalt$LrttParrLPdxvgutaSXWJ0\nbert:crypt12345678\n',
  )
  await run('import', 'htpasswd', join(folder, 'htpasswd'))
  await run('import', 'htpasswd', join(folder, 'htpasswd'))
  assert.deepEqual(lines, [
    'anna: taken over\n',
    'bert: taken over; its password hash is of a kind that is not known: set a new one\n',
    'anna: is here already\n',
    'bert: is here already\n',
  ])
  const anna = await register(({ register: kept }) => kept.find('anna'))
  assert.equal(anna?.password, '$apr1$saltsalt$LrttParrLPdxvgutaSXWJ0')
})
