import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { readHostConfig } from '../../ssh/config/host-config.ts'
import { userKeys } from './ssh-keys.ts'

test('whoever wants no more keys does not wait for an agent that says nothing', async (t) => {
  const home = await mkdtemp(join(tmpdir(), 'ferry-keys-'))
  t.after(() => rm(home, { recursive: true, force: true }))
  const asked = Promise.withResolvers<void>()
  const left = Promise.withResolvers<void>()
  const agent = createServer((socket) => {
    socket.on('data', () => asked.resolve())
    socket.on('error', () => undefined)
    socket.on('close', () => left.resolve())
  })
  const socket = join(home, 'agent')
  await new Promise<void>((resolve) => agent.listen(socket, resolve))
  t.after(() => agent.close())
  const wanted = { host: 'files.example', user: 'u', port: 22, localUser: 'u', localHome: home }
  const config = await readHostConfig(wanted, [`IdentityAgent ${socket}`], async () => [])
  const ask = { secret: async () => undefined, trust: async () => 'no' as const }
  const keys = userKeys({ config, ask, home, host: 'files.example', user: 'u' })[Symbol.asyncIterator]()
  const next = keys.next()
  await asked.promise
  const began = performance.now()
  await keys.return?.()
  await left.promise
  assert.ok(performance.now() - began < 4000, 'it has waited until the agent was given up')
  assert.equal((await next).done, true)
})
