import assert from 'node:assert/strict'
import { execFileSync, spawnSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { ProtocolError } from '../../core/error.ts'
import { connectLocal } from '../../net/local-socket.ts'
import { memoryNetwork } from '../../net/memory.ts'
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
      const agent = sshAgent(await connectLocal(socket))
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
  return sshAgent(await network.connect({ ...where, timeoutMs: 1000 }))
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
