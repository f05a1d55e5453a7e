import assert from 'node:assert/strict'
import { execFileSync, spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import * as fc from 'fast-check'
import { TrustError } from '../../core/error.ts'
import type { TrustWanted } from '../../core/remote.ts'
import type { HostKeyShown } from '../client/host-trust.ts'
import { FakeClock } from '../../testing/fake-clock.ts'
import { matchesPatterns } from '../pattern.ts'
import { knownHostsInMemory } from './files.ts'
import { formatKnownHost, namesHost, parseKnownHost } from './line.ts'
import { knownHosts, type Strictness } from './trust.ts'

const key = (name: string): Uint8Array => createHash('sha256').update(name).digest()
const base64 = (name: string): string => Buffer.from(key(name)).toString('base64')
const shown = (name: string, more: Partial<HostKeyShown> = {}): HostKeyShown => ({
  host: 'files.example',
  port: 22,
  algorithm: 'ssh-ed25519',
  blob: key(name),
  ...more,
})

function trusting(
  text: string,
  strict: Strictness = 'ask',
  answer: 'no' | 'once' | 'always' = 'no',
  clock = new FakeClock(),
) {
  const asked: TrustWanted[] = []
  const files = knownHostsInMemory(text)
  const ask = {
    secret: async () => undefined,
    trust: async (wanted: TrustWanted) => {
      asked.push(wanted)
      return answer
    },
  }
  return { trust: knownHosts({ files, ask, strict, clock }), asked, files }
}

const untrusted = (pattern: RegExp) => (error: unknown) =>
  error instanceof TrustError && pattern.test(error.message)

test('a host is known by its name, with its port where that is not 22, by patterns and by hashes', async () => {
  const hashed = formatKnownHost('[files.example]:2222', 'ssh-ed25519', key('d'), true)
  assert.ok(!hashed.includes('files'))
  const { trust, asked } = trusting(
    [
      '# a comment',
      `files.example,192.0.2.1 ssh-ed25519 ${base64('a')} and a comment`,
      `*.wild.example,!not.wild.example ssh-ed25519 ${base64('b')}`,
      `[files.example]:2200 ssh-ed25519 ${base64('c')}`,
      hashed,
    ].join('\n'),
  )
  await trust.check(shown('a'))
  await trust.check(shown('a', { host: 'FILES.example' }))
  await trust.check(shown('b', { host: 'x.wild.example' }))
  await trust.check(shown('c', { port: 2200 }))
  await trust.check(shown('d', { port: 2222 }))
  assert.equal(asked.length, 0)
  await assert.rejects(trust.check(shown('b', { host: 'not.wild.example' })), untrusted(/nothing is known/u))
  assert.deepEqual(await trust.known('files.example', 22), ['ssh-ed25519'])
  assert.deepEqual(await trust.known('other.example', 22), [])
})

test('the bare name counts at other ports, as far as nothing is known by the name with the port', async () => {
  const bare = `files.example ssh-ed25519 ${base64('a')}`
  const { trust } = trusting(`${bare}\n[files.example]:2222 ssh-ed25519 ${base64('b')}`)
  await trust.check(shown('a', { port: 2201 }))
  assert.deepEqual(await trust.known('files.example', 2201), ['ssh-ed25519'])
  // Another server on the same host is new, and has not changed.
  await assert.rejects(trust.check(shown('c', { port: 2201 })), untrusted(/nothing is known/u))
  await assert.rejects(trust.check(shown('a', { port: 2222 })), untrusted(/has changed/u))
  const other = trusting(`[files.example]:2222 ssh-ed25519 ${base64('b')}`)
  await assert.rejects(other.trust.check(shown('b')), untrusted(/nothing is known/u))
})

test('a key that has changed is refused without a question, and told where the old one stands', async () => {
  const { trust, asked } = trusting(`\nfiles.example ssh-ed25519 ${base64('a')}`, 'ask', 'always')
  await assert.rejects(trust.check(shown('b')), (thrown) => {
    assert.ok(untrusted(/has changed.*known hosts:2/u)(thrown) && thrown instanceof TrustError)
    assert.match(thrown.facts.hint ?? '', /ssh-keygen -f 'known hosts' -R 'files\.example'/u)
    return true
  })
  assert.equal(asked.length, 0)
})

test('a revoked key is refused, whatever else is said of it', async () => {
  const text = `files.example ssh-ed25519 ${base64('a')}\n@revoked * ssh-ed25519 ${base64('a')}`
  const { trust } = trusting(text, 'no', 'always')
  await assert.rejects(trust.check(shown('a')), untrusted(/revoked/u))
  await assert.rejects(trust.check(shown('a', { port: 2222 })), untrusted(/revoked/u))
})

test('a new host is for a person to trust: not, once, or always', async () => {
  const no = trusting('')
  await assert.rejects(no.trust.check(shown('a')), untrusted(/nothing is known.*SHA256:/u))
  assert.equal(
    no.asked[0]?.fingerprint,
    `SHA256:${createHash('sha256').update(key('a')).digest('base64').slice(0, 43)}`,
  )
  const once = trusting('', 'ask', 'once')
  await once.trust.check(shown('a'))
  await once.trust.check(shown('a'))
  assert.equal(once.asked.length, 2)
  const always = trusting('', 'ask', 'always')
  await always.trust.check(shown('a', { port: 2222 }))
  await always.trust.check(shown('a', { port: 2222 }))
  assert.equal(always.asked.length, 1)
  const [file] = await always.files.read()
  assert.equal(file?.text, `[files.example]:2222 ssh-ed25519 ${base64('a')}\n`)
})

test('strictness: yes asks nobody, accept-new takes new hosts and no changed ones, no takes both', async () => {
  const known = `files.example ssh-ed25519 ${base64('a')}`
  await assert.rejects(trusting('', 'yes', 'always').trust.check(shown('a')), TrustError)
  await trusting('', 'accept-new').trust.check(shown('a'))
  await assert.rejects(trusting(known, 'accept-new').trust.check(shown('b')), TrustError)
  await trusting(known, 'no').trust.check(shown('b'))
})

test('an RSA key is one key, whatever it signs by', async () => {
  const { trust } = trusting(`files.example ssh-rsa ${base64('a')}`)
  await trust.check(shown('a', { algorithm: 'rsa-sha2-256' }))
  assert.deepEqual(await trust.known('files.example', 22), ['rsa-sha2-512', 'rsa-sha2-256'])
})

test(
  'ssh-keygen finds what we write, and we what it hashes',
  { skip: spawnSync('ssh-keygen').error !== undefined },
  async () => {
    const folder = mkdtempSync(join(tmpdir(), 'ferry-known-'))
    after(() => rm(folder, { recursive: true }))
    const file = join(folder, 'known_hosts')
    const made = execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', join(folder, 'key')])
    assert.equal(made.length, 0)
    const [kind = '', text = ''] = readFileSync(join(folder, 'key.pub'), 'utf8').split(' ')
    const blob = Buffer.from(text, 'base64')
    for (const hash of [false, true]) {
      writeFileSync(file, `${formatKnownHost('[files.example]:2222', kind, blob, hash)}\n`)
      const found = execFileSync('ssh-keygen', ['-F', '[files.example]:2222', '-f', file], {
        encoding: 'utf8',
      })
      assert.match(found, /found: line 1/u)
    }
    writeFileSync(file, `files.example ${kind} ${text}\n`)
    execFileSync('ssh-keygen', ['-q', '-H', '-f', file])
    const { trust } = trusting(readFileSync(file, 'utf8'))
    await trust.check(shown('', { blob }))
  },
)

test(
  'a certificate is as good as its authority',
  { skip: spawnSync('ssh-keygen').error !== undefined },
  async () => {
    const folder = mkdtempSync(join(tmpdir(), 'ferry-cert-'))
    after(() => rm(folder, { recursive: true }))
    const run = (...words: string[]): void =>
      void execFileSync('ssh-keygen', ['-q', ...words], { cwd: folder, stdio: 'pipe' })
    for (const name of ['ca', 'host', 'other']) run('-t', 'ed25519', '-N', '', '-f', name)
    const signing = ['-s', 'ca', '-I', 'id', '-h', '-n', 'files.example', '-V', '20260101:20270101']
    run(...signing, 'host.pub')
    const words = (name: string): string[] => readFileSync(join(folder, `${name}.pub`), 'utf8').split(' ')
    const certificate = shown('', {
      algorithm: 'ssh-ed25519-cert-v01@openssh.com',
      blob: Buffer.from(words('host-cert')[1] ?? '', 'base64'),
    })
    const line = (name: string): string => words(name).slice(0, 2).join(' ')
    const authority = `@cert-authority * ${line('ca')}`
    await trusting(authority).trust.check(certificate)
    assert.equal((await trusting(authority).trust.known('files.example', 22))[0], certificate.algorithm)
    await trusting(`files.example ${line('host')}`).trust.check(certificate)
    await trusting(`@cert-authority *.example ${line('ca')}`).trust.check({ ...certificate, port: 2222 })
    const nextYear = new FakeClock()
    await nextYear.advance(100 * 86_400_000)
    const late = trusting(authority, 'ask', 'no', nextYear)
    await assert.rejects(late.trust.check(certificate), untrusted(/not valid any more/u))
    const known = `${authority}\nfiles.example ${line('host')}`
    await trusting(known, 'ask', 'no', nextYear).trust.check(certificate)
    const elsewhere = { ...certificate, host: 'other.example' }
    await assert.rejects(trusting(authority).trust.check(elsewhere), untrusted(/not for other.example/u))
    await assert.rejects(trusting(`@cert-authority * ${line('other')}`).trust.check(certificate), TrustError)
    const broken = Buffer.from(certificate.blob)
    broken[broken.length - 1] = (broken.at(-1) ?? 0) ^ 1
    await assert.rejects(
      trusting(authority).trust.check({ ...certificate, blob: broken }),
      untrusted(/does not hold: .*not signed/u),
    )
    run('-s', 'ca', '-I', 'id', '-h', 'other.pub')
    const forAny = Buffer.from(words('other-cert')[1] ?? '', 'base64')
    await trusting(authority).trust.check({ ...certificate, blob: forAny })
    run('-t', 'rsa', '-b', '2048', '-N', '', '-f', 'old')
    run('-s', 'old', '-t', 'ssh-rsa', '-I', 'id', '-h', 'other.pub')
    const old = Buffer.from(words('other-cert')[1] ?? '', 'base64')
    await assert.rejects(
      trusting(`@cert-authority * ${line('old')}`).trust.check({ ...certificate, blob: old }),
      untrusted(/signed by RSA with SHA-1/u),
    )
    const revoked = `${authority}\n@revoked * ${line('ca')}`
    await assert.rejects(trusting(revoked).trust.check(certificate), untrusted(/revoked/u))
  },
)

test('fuzz: any line is a known host or none, and any pattern ends', () => {
  const words = fc.array(
    fc.constantFrom('@revoked', '@x', 'host', '|1|a|b', '*', '!', 'ssh-rsa', 'AAAA', '#', '?', ','),
  )
  fc.assert(
    fc.property(words, fc.string(), (line, noise) => {
      for (const text of [line.join(' '), noise]) {
        const known = parseKnownHost(text)
        if (known !== undefined) namesHost(known, noise)
      }
    }),
    { numRuns: 5000, seed: 20_261_125 },
  )
  assert.equal(matchesPatterns(['*a'.repeat(500)], 'a'.repeat(1000)), true)
  assert.equal(matchesPatterns(['*a'.repeat(400) + 'b'], 'a'.repeat(1000)), false)
})
