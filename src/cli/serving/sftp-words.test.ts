import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { byAlgorithm } from '../../ssh/server/host-keys.ts'
import { parseServeWords } from './serve-options.ts'
import { authorityKeys, hostKeysIn, parseSftpWords, revokedKeys } from './sftp-words.ts'
import { UsageError } from '../usage-error.ts'

const line = 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIBXcyNbVsvbNhCbS+NUMgwCNbMlmhbTGPtQtnVJ4bBZx'

let folder = ''
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ferry-words-'))
})
after(() => rm(folder, { recursive: true, force: true }))

test('old algorithms are named for a network, and for one user of it', () => {
  const { legacy, setstat } = parseSftpWords(
    { 'ssh-legacy': ['10.1.0.0/16=ssh-rsa,hmac-sha1', 'plc@fd00::7=diffie-hellman-group1-sha1'] },
    22,
  )
  assert.deepEqual(legacy, [
    { network: '10.1.0.0/16', names: ['ssh-rsa', 'hmac-sha1'] },
    { network: 'fd00::7', user: 'plc', names: ['diffie-hellman-group1-sha1'] },
  ])
  assert.equal(setstat, 'told')
  assert.equal(parseSftpWords({ 'sftp-setstat': 'ignored' }, 22).setstat, 'ignored')
})

test('keys, authorities and devices may be said several times', () => {
  const words =
    '--host-key a --host-key b --ssh-ca c --ssh-ca d --ssh-legacy 10.1.0.1=ssh-rsa --ssh-legacy 10.1.0.2=ssh-rsa'
  const { sftp } = parseServeWords(words.split(' '))
  assert.deepEqual([sftp.hostKeys, sftp.authorities, sftp.legacy.length], [['a', 'b'], ['c', 'd'], 2])
})

test('what cannot be followed is a usage error that says why', () => {
  for (const [said, why] of [
    [{ 'ssh-legacy': ['ssh-rsa'] }, /NETWORK=/],
    [{ 'ssh-legacy': ['everybody=ssh-rsa'] }, /NETWORK=/],
    [{ 'ssh-legacy': ['10.0.0.0/8=ssh-dss'] }, /not "ssh-dss"/],
    [{ 'sftp-setstat': 'maybe' }, /told or ignored/],
  ] as const) {
    assert.throws(
      () => parseSftpWords(said, 22),
      (thrown: unknown) => thrown instanceof UsageError && why.test(thrown.message),
    )
  }
  assert.throws(() => parseSftpWords({ 'ssh-ca': ['x'] }, 'off'), UsageError)
})

test('host keys come out of files as sshd has them, the first of a kind is shown, and a locked one is refused', async () => {
  const keygen = (name: string, ...words: string[]) =>
    spawnSync('ssh-keygen', ['-q', '-t', 'ed25519', '-f', join(folder, name), ...words])
  if (keygen('first', '-N', '').error !== undefined) return
  keygen('second', '-N', '')
  keygen('locked', '-N', 'secret')
  const keys = (await hostKeysIn([join(folder, 'first'), join(folder, 'second')])) ?? []
  assert.equal(keys.length, 2)
  assert.equal(byAlgorithm(keys).get('ssh-ed25519'), keys[0])
  await assert.rejects(hostKeysIn([join(folder, 'locked')]), /passphrase/)
  await assert.rejects(hostKeysIn([join(folder, 'first.pub')]), /no private key/)
  assert.equal(await hostKeysIn([]), undefined)
})

test('authorities and revoked keys come out of files, and a line that is neither stops the start', async () => {
  await writeFile(join(folder, 'ca'), `${line} the authority\n`)
  assert.equal((await authorityKeys([join(folder, 'ca')])).length, 1)
  await writeFile(join(folder, 'revoked'), `# lost\nSHA256:${'x'.repeat(43)}\n${line}\n`)
  const revoked = await revokedKeys(join(folder, 'revoked'))
  assert.equal(revoked.length, 2)
  assert.equal(revoked[0], `SHA256:${'x'.repeat(43)}`)
  await writeFile(join(folder, 'wrong'), 'SHA256:short\n')
  await assert.rejects(revokedKeys(join(folder, 'wrong')), UsageError)
  await assert.rejects(authorityKeys([join(folder, 'wrong')]), UsageError)
  assert.deepEqual(await revokedKeys(undefined), [])
})
