import assert from 'node:assert/strict'
import { test } from 'node:test'
import { systemClock } from '../../core/clock.ts'
import { NetworkError } from '../../core/error.ts'
import { memoryNetwork } from '../../net/memory.ts'
import { connectSftp } from './connect.ts'

void test('a server that is not reached is named, with what finds out more', async () => {
  const ask = { secret: async () => undefined, trust: async () => 'no' as const }
  const to = { network: memoryNetwork(), clock: systemClock, ask, host: 'far', port: 2222, user: 'anna' }
  const thrown = await connectSftp(to).catch((error: unknown) => error)
  assert.ok(thrown instanceof NetworkError)
  assert.equal(thrown.message, 'cannot connect to far port 2222: nothing listens there')
  assert.deepEqual([thrown.facts.phase, thrown.facts.retryable], ['connect', true])
  assert.equal(thrown.facts.hint, 'ferry doctor sftp://anna@far:2222/ finds out more.')
})
