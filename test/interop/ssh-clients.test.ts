import assert from 'node:assert/strict'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { programVersion, runProgram, type Ended } from './program.ts'
import { sftpPlace, type SftpPlace } from './ssh/sftp-place.ts'

const hasKeygen = programVersion('ssh', { words: ['-V'] }) !== undefined

function skipWithout(program: string, words: readonly string[], name: string): string | false {
  if (!hasKeygen) return 'OpenSSH is not installed (apt-get install openssh-client)'
  const found = programVersion(program, { words })
  return found === undefined ? `${name} is not installed (apt-get install ${name})` : false
}

let place: SftpPlace
before(async () => {
  if (!hasKeygen) return
  place = await sftpPlace()
  await writeFile(join(place.folder, 'hello.txt'), 'hello\n')
})
after(async () => {
  await place?.[Symbol.asyncDispose]()
})

function fine(ended: Ended): void {
  assert.equal(ended.code, 0, `${ended.command}\n${ended.printed}`)
}

async function python(script: string): Promise<void> {
  const path = join(place.folder, 'client.py')
  await writeFile(path, script)
  const words = [path, place.port, place.key('ed25519'), place.folder]
  fine(await runProgram('python3', words, { folder: place.folder }))
}

const dbclient = skipWithout('dbclient', ['-V'], 'dropbear-bin')

test(
  "dropbear's client: password and key, with the kex and cipher it likes",
  { skip: dbclient },
  async () => {
    const input = Buffer.from([0, 0, 0, 5, 1, 0, 0, 0, 3])
    const to = ['-y', '-y', '-p', place.port, '-s', 'u@127.0.0.1', 'sftp']
    const { folder } = place
    fine(await runProgram('env', ['DROPBEAR_PASSWORD=p', 'dbclient', ...to], { folder, input }))
    const key = join(folder, 'dropbear-key')
    fine(await runProgram('dropbearconvert', ['openssh', 'dropbear', place.key('ed25519'), key], { folder }))
    fine(await runProgram('dbclient', ['-i', key, ...to], { folder, input }))
  },
)

const putty = skipWithout('psftp', ['-V'], 'putty-tools')

test(
  "PuTTY's psftp: the host key by its fingerprint, a password, a list and a file",
  { skip: putty },
  async () => {
    const script = join(place.folder, 'psftp.txt')
    await writeFile(script, `ls\nget hello.txt ${place.folder}/by-putty.txt\n`)
    const words = [
      '-batch',
      '-P',
      place.port,
      '-pw',
      'p',
      '-hostkey',
      place.fingerprint,
      '-b',
      script,
      'u@127.0.0.1',
    ]
    const ended = await runProgram('psftp', words, { folder: place.folder })
    fine(ended)
    assert.match(ended.printed, /hello\.txt/)
  },
)

const curl = skipWithout('curl', ['-V'], 'curl')

test('curl (libssh2): a list by password, a file by key', { skip: curl }, async () => {
  const url = `sftp://127.0.0.1:${place.port}/`
  const list = await runProgram('curl', ['-sSk', '--user', 'u:p', url], { folder: place.folder })
  fine(list)
  assert.match(list.printed, /hello\.txt/)
  const key = ['--user', 'u:', '--key', place.key('ed25519'), '--pubkey', `${place.key('ed25519')}.pub`]
  const got = await runProgram('curl', ['-sSk', ...key, `${url}hello.txt`], { folder: place.folder })
  fine(got)
  assert.equal(got.printed, 'hello\n')
})

const paramiko = skipWithout(
  'python3',
  ['-c', 'import paramiko; print(paramiko.__version__)'],
  'python3-paramiko',
)

test(
  'paramiko: password and key, each cipher and kex it has in common, keys anew in between',
  { skip: paramiko },
  async () => {
    await python(`
import sys, warnings
warnings.filterwarnings('ignore')
import paramiko
port, key = int(sys.argv[1]), sys.argv[2]
def client(**how):
    t = paramiko.Transport(('127.0.0.1', port))
    options = t.get_security_options()
    for name, value in how.items(): setattr(options, name, (value,))
    return t
for kex in ('curve25519-sha256@libssh.org', 'ecdh-sha2-nistp256', 'ecdh-sha2-nistp384', 'ecdh-sha2-nistp521',
            'diffie-hellman-group16-sha512', 'diffie-hellman-group-exchange-sha256', 'diffie-hellman-group14-sha256'):
    t = client(kex=kex); t.connect(username='u', password='p'); t.close()
for cipher in ('aes128-ctr', 'aes192-ctr', 'aes256-ctr'):
    t = client(ciphers=cipher)
    t.connect(username='u', pkey=paramiko.Ed25519Key.from_private_key_file(key))
    sftp = paramiko.SFTPClient.from_transport(t)
    assert sftp.open('hello.txt').read() == b'hello\\n'
    t.renegotiate_keys()
    assert 'hello.txt' in sftp.listdir('.')
    t.close()
t = client(); t.start_client()
try:
    t.auth_password('u', 'wrong'); raise SystemExit('a wrong password was taken')
except paramiko.AuthenticationException: pass
t.auth_interactive('u', lambda title, text, prompts: ['p' for _ in prompts])
assert t.is_authenticated()
t.close()
`)
  },
)

const asyncssh = skipWithout(
  'python3',
  ['-c', 'import asyncssh; print(asyncssh.__version__)'],
  'python3-asyncssh',
)

test('asyncssh: each cipher, MAC and kex it has in common', { skip: asyncssh }, async () => {
  await python(`
import asyncio, sys, asyncssh
port, key = int(sys.argv[1]), sys.argv[2]
async def one(**how):
    async with asyncssh.connect('127.0.0.1', port, username='u', client_keys=[key], known_hosts=None, **how) as conn:
        async with conn.start_sftp_client() as sftp:
            async with sftp.open('hello.txt') as f: assert await f.read() == 'hello\\n'
async def links():
    async with asyncssh.connect('127.0.0.1', port, username='u', client_keys=[key], known_hosts=None) as conn:
        async with conn.start_sftp_client() as sftp:
            await sftp.symlink('hello.txt', '/by-asyncssh')
            assert await sftp.readlink('/by-asyncssh') == 'hello.txt'
async def rekeyed():
    # Version 2.10.1 of Debian sends on while keys are exchanged.
    async with asyncssh.connect('127.0.0.1', port, username='u', client_keys=[key], known_hosts=None, rekey_bytes=200000) as conn:
        async with conn.start_sftp_client() as sftp:
            content = b'rekey' * 400000
            async with sftp.open('/rekeyed', 'wb') as f: await f.write(content)
            async with sftp.open('/rekeyed', 'rb') as f: assert await f.read() == content
async def main():
    for kex in ('curve25519-sha256', 'ecdh-sha2-nistp521', 'diffie-hellman-group18-sha512', 'diffie-hellman-group-exchange-sha256'):
        await one(kex_algs=[kex])
    for cipher in ('chacha20-poly1305@openssh.com', 'aes256-gcm@openssh.com', 'aes128-gcm@openssh.com', 'aes256-ctr'):
        await one(encryption_algs=[cipher])
    for mac in ('hmac-sha2-256-etm@openssh.com', 'hmac-sha2-512-etm@openssh.com', 'hmac-sha2-256', 'hmac-sha2-512'):
        await one(encryption_algs=['aes128-ctr'], mac_algs=[mac])
    await one(rekey_bytes=4096)
    await links()
    await rekeyed()
asyncio.run(main())
`)
})
