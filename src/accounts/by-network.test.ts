import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Attempt } from '../core/account.ts'
import { loginOf } from '../testing/login-of.ts'
import { memoryStore } from '../stores/memory.ts'
import { accountsByNetwork } from './by-network.ts'
import { memoryAccounts } from './memory.ts'

const others = memoryAccounts([{ name: 'anna', password: 'secret', home: memoryStore() }])
const account = (name: string) => loginOf({ name }).account
const accounts = accountsByNetwork(
  [
    { network: '10.1.0.0/16', account: account('lab') },
    { network: '10.0.0.0/8', account: account('office') },
    { network: 'fd00::/8', account: account('six') },
  ],
  others,
)

async function nameOf(address: string, more: Partial<Attempt> = {}): Promise<string> {
  const verdict = await accounts.verify({
    protocol: 'tftp',
    peer: { address, port: 1 },
    secure: false,
    user: 'anonymous',
    proof: { kind: 'none' },
    ...more,
  })
  return verdict.kind === 'accept' ? verdict.account.name : verdict.kind
}

test('the first network that holds the address decides', async () => {
  assert.equal(await nameOf('10.1.2.3'), 'lab')
  assert.equal(await nameOf('10.2.2.3'), 'office')
  assert.equal(await nameOf('fd12::1'), 'six')
  assert.equal(await nameOf('192.0.2.1'), 'refuse')
})

test('an address is no password of another protocol', async () => {
  assert.equal(await nameOf('10.1.2.3', { protocol: 'ftp' }), 'refuse')
  const proof = { kind: 'password', password: 'secret' } as const
  assert.equal(await nameOf('192.0.2.1', { protocol: 'ftp', user: 'anna', proof }), 'anna')
  assert.equal(await nameOf('10.1.2.3', { proof: { kind: 'password', password: 'x' } }), 'refuse')
})

test('any holds every address, and what is no network is told at once', async () => {
  const open = accountsByNetwork([{ network: 'any', account: account('all') }], others)
  const peer = { address: '2001:db8::1', port: 1 }
  const verdict = await open.verify({
    protocol: 'tftp',
    peer,
    secure: false,
    user: '',
    proof: { kind: 'none' },
  })
  assert.equal(verdict.kind, 'accept')
  assert.throws(() => accountsByNetwork([{ network: '10.0.0', account: account('x') }], others), /10\.0\.0/)
})
