import assert from 'node:assert/strict'
import { execFileSync, spawnSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { systemClock } from '../../core/clock.ts'
import { ProtocolError } from '../../core/error.ts'
import { connectLocal } from '../../net/local-socket.ts'
import { memoryNetwork } from '../../net/memory.ts'
import { FakeClock } from '../../testing/fake-clock.ts'
import { isSignature, parsePublicKey } from '../public-key.ts'
import { Writer } from '../wire/writer.ts'
import { sshAgent, type Agent } from './agent.ts'

const missing = spawnSync('ssh-agent', ['-h']).error !== undefined

test(
  'the keys of an ssh-agent sign, each by its algorithms',
  { skip: missing && 'ssh-agent is not installed' },
  async () => {
    const folder = mkdtempSync(join(tmpdir(), 'ferry-agent-'))
    const socket = join(folder, 'socket')
    const running = spawn('ssh-agent', ['-D', '-a', socket], { stdio: ['ignore', 'pipe', 'ignore'] })
    try {
      await once(running.stdout, 'data')
      for (const [kind, bits] of [
        ['ed25519', '256'],
        ['ecdsa', '256'],
        ['rsa', '2048'],
      ] as const) {
        const path = join(folder, kind)
        execFileSync('ssh-keygen', ['-q', '-t', kind, '-b', bits, '-N', '', '-C', `my ${kind}`, '-f', path])
        execFileSync('ssh-add', ['-q', path], { env: { SSH_AUTH_SOCK: socket } })
      }
      const agent = sshAgent(await connectLocal(socket), systemClock)
      const keys = await agent.keys()
      assert.deepEqual(
        keys.map(({ comment, algorithms }) => `${comment}: ${algorithms.join(' ')}`),
        ['my ed25519: ssh-ed25519', 'my ecdsa: ecdsa-sha2-nistp256', 'my rsa: rsa-sha2-512 rsa-sha2-256'],
      )
      const data = Buffer.from('what is signed')
      for (const key of keys) {
        for (const algorithm of key.algorithms) {
          const signature = await key.sign(data, algorithm)
          assert.ok(isSignature(parsePublicKey(key.blob), algorithm, data, signature), algorithm)
        }
      }
      agent.close()
    } finally {
      running.kill()
      await rm(folder, { recursive: true })
    }
  },
)

const framed = (...bytes: number[]): Uint8Array => new Writer().string(Uint8Array.from(bytes)).done()

/** An agent that answers one question with these bytes. */
async function answering(...answers: readonly Uint8Array[]): Promise<Agent> {
  const network = memoryNetwork({ chop: 'bytes' })
  const where = { host: '192.0.2.1', port: 1 }
  await network.listen(where, (conn) => {
    void (async () => {
      await conn.read()
      for (const answer of answers) await conn.write(answer)
      await conn.end()
    })()
  })
  return sshAgent(await network.connect({ ...where, timeoutMs: 1000 }), systemClock)
}

test('an agent that refuses, ends, floods or talks nonsense breaks the protocol', async () => {
  for (const answer of [
    framed(5),
    framed(14, 0, 0, 0, 0),
    framed(12, 255, 255, 255, 255),
    framed(12, 0, 0, 0, 1),
    Uint8Array.of(255, 255, 255, 255),
    Uint8Array.of(0, 0, 0, 0),
    Uint8Array.of(0, 0),
  ]) {
    const agent = await answering(answer)
    await assert.rejects(agent.keys(), ProtocolError)
    agent.close()
  }
})

test('an agent that tells no keys is not waited for, and one that waits for a person to sign is', async () => {
  const network = memoryNetwork()
  const where = { host: 'agent', port: 1 }
  const blob = new Writer().string('ssh-ed25519').string(new Uint8Array(32)).done()
  const keys = new Writer().byte(12).uint32(1).string(blob).string('mine').done()
  const told = new Writer().string(keys).done()
  const answers = [undefined, told]
  await network.listen(where, (conn) => {
    const answer = answers.shift()
    if (answer !== undefined) void conn.write(answer)
  })
  const clock = new FakeClock()
  const connected = async (): Promise<Agent> =>
    sshAgent(await network.connect({ ...where, timeoutMs: 1000 }), clock)
  const silent = await connected()
  const listing = assert.rejects(silent.keys())
  await clock.advance(6000)
  await listing
  const slow = await connected()
  const [key] = await slow.keys()
  assert.equal(key?.comment, 'mine')
  let ended = false
  const signing = key.sign(new Uint8Array(4), 'ssh-ed25519').catch(() => {
    ended = true
  })
  await clock.advance(600_000)
  assert.equal(ended, false)
  slow.close()
  await signing
})
