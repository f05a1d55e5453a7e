import assert from 'node:assert/strict'
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { Ferry } from './ferry.ts'
import { programVersion, runProgram } from './program.ts'

const skip =
  programVersion('ssh', { words: ['-V'] }) === undefined
    ? 'OpenSSH is not installed (apt-get install openssh-client)'
    : false

/** An authority, another one that nobody trusts, and a server that takes the certificates of the first. */
let folder = ''
let server: Ferry | undefined
before(async () => {
  if (skip !== false) return
  folder = await mkdtemp(join(tmpdir(), 'ferry-certificates-'))
  await mkdir(join(folder, 'served'))
  for (const name of ['ca', 'other-ca', 'user', 'lost'])
    await keygen('-q', '-t', 'ed25519', '-N', '', '-f', name)
  await writeFile(join(folder, 'revoked'), await readFile(join(folder, 'lost.pub'), 'utf8'))
  const words = ['--user', 'anna', '--user', 'bert', '--ssh-ca', join(folder, 'ca.pub')]
  const more = ['--ssh-revoked', join(folder, 'revoked'), '--data', join(folder, 'data'), '--json']
  server = new Ferry([
    join(folder, 'served'),
    '--ftp',
    'off',
    '--sftp',
    '0',
    '--host',
    '127.0.0.1',
    ...words,
    ...more,
  ])
  await server.until('the ready line', (line) => line.ready === true)
})
after(async () => {
  await server?.stop()
  if (folder !== '') await rm(folder, { recursive: true, force: true })
})

async function keygen(...words: string[]): Promise<void> {
  const made = await runProgram('ssh-keygen', words, { folder })
  assert.equal(made.code, 0, made.printed)
}

/** Signs a key with an authority and logs in as somebody. Whether that went. */
async function letsIn(user: string, key: string, authority: string, ...words: string[]): Promise<boolean> {
  const certificate = join(folder, `${key}-cert.pub`)
  await rm(certificate, { force: true })
  await keygen('-q', '-s', authority, '-I', 'a test', ...words, `${key}.pub`)
  const options = [
    'StrictHostKeyChecking=no',
    'UserKnownHostsFile=/dev/null',
    'IdentitiesOnly=yes',
    'BatchMode=yes',
  ]
  const common = [
    '-F',
    'none',
    '-b',
    '-',
    '-P',
    String(server?.port),
    ...options.flatMap((one) => ['-o', one]),
  ]
  const who = ['-o', `CertificateFile=${certificate}`, '-i', join(folder, key), `${user}@127.0.0.1`]
  const ended = await runProgram('sftp', [...common, ...who], { folder, input: 'pwd\n' })
  return ended.code === 0
}

test('a certificate lets in whom it names, while it holds, from where it says', { skip }, async () => {
  assert.equal(await letsIn('anna', 'user', 'ca', '-n', 'anna'), true)
  assert.equal(await letsIn('bert', 'user', 'ca', '-n', 'carl,bert', '-V', '-1h:+1h'), true)
  assert.equal(await letsIn('anna', 'user', 'ca', '-n', 'anna', '-O', 'source-address=127.0.0.0/8'), true)
  assert.equal(await letsIn('anna', 'user', 'ca', '-n', 'anna', '-O', 'force-command=internal-sftp'), true)
})

test(
  'a certificate for another, out of its time, from elsewhere, of the wrong kind or authority does not',
  { skip },
  async () => {
    assert.equal(await letsIn('anna', 'user', 'ca', '-n', 'bert'), false)
    assert.equal(await letsIn('anna', 'user', 'ca'), false, 'it names nobody')
    assert.equal(await letsIn('carl', 'user', 'ca', '-n', 'carl'), false, 'there is no such account')
    assert.equal(await letsIn('anna', 'user', 'ca', '-n', 'anna', '-V', '-2h:-1h'), false)
    assert.equal(await letsIn('anna', 'user', 'ca', '-n', 'anna', '-V', '+1h:+2h'), false)
    assert.equal(await letsIn('anna', 'user', 'ca', '-n', 'anna', '-O', 'source-address=10.0.0.0/8'), false)
    assert.equal(await letsIn('anna', 'user', 'ca', '-n', 'anna', '-O', 'force-command=id'), false)
    assert.equal(await letsIn('anna', 'user', 'ca', '-n', 'anna', '-O', 'critical:x@y=1'), false)
    assert.equal(await letsIn('anna', 'user', 'ca', '-h', '-n', 'anna'), false, 'it is for a host')
    assert.equal(await letsIn('anna', 'user', 'other-ca', '-n', 'anna'), false)
    assert.equal(await letsIn('anna', 'lost', 'ca', '-n', 'anna'), false, 'the key is revoked')
  },
)

test('our client shows the certificate beside a key', { skip }, async () => {
  await keygen('-q', '-s', 'ca', '-I', 'a test', '-n', 'anna', 'user.pub')
  await mkdir(join(folder, '.ssh'), { recursive: true })
  const lines = [
    `IdentityFile ${join(folder, 'user')}`,
    'StrictHostKeyChecking no',
    'UserKnownHostsFile none',
  ]
  await writeFile(join(folder, '.ssh', 'config'), `${lines.join('\n')}\n`)
  const ferry = join(import.meta.dirname, '..', '..', 'bin', 'ferry.js')
  const list = (user: string) =>
    runProgram(process.execPath, [ferry, 'ls', `sftp://${user}@127.0.0.1:${server?.port}/`], { folder })
  assert.equal((await list('anna')).code, 0)
  assert.equal((await list('bert')).code, 4)
})
