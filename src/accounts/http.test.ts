import assert from 'node:assert/strict'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { test, type TestContext } from 'node:test'
import type { Accounts, Attempt, Proof } from '../core/account.ts'
import { memoryStore } from '../stores/memory.ts'
import { attemptOf, conformsAccounts } from '../testing/conforms-accounts.ts'
import { FakeClock } from '../testing/fake-clock.ts'
import { httpAccounts } from './http.ts'
import { longestCredential } from './judge.ts'
import { memoryAccounts } from './memory.ts'

async function listen(answer: (body: string) => Promise<[status: number, body: string]>): Promise<Server> {
  const server = createServer((request, response) => {
    let body = ''
    request.setEncoding('utf8').on('data', (chunk: string) => {
      body += chunk
    })
    request.on('end', () => {
      answer(body).then(
        ([status, text]) => response.writeHead(status).end(text),
        () => response.destroy(),
      )
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return server
}

function accountsAt(server: Server, clock = new FakeClock()): Accounts {
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`
  return httpAccounts({ url, timeoutMs: 2000, clock, home: async () => memoryStore() })
}

/** What the other side reads. */
type Question = Omit<Attempt, 'earlier' | 'proof'> & {
  earlier: Proof['kind'][]
  proof: Proof & { key?: string }
}

const proofs: Readonly<Record<Proof['kind'], Proof>> = {
  none: { kind: 'none' },
  password: { kind: 'password', password: '' },
  key: { kind: 'key', algorithm: '', key: new Uint8Array(0), signed: true },
  certificate: { kind: 'certificate', fingerprint: '' },
  code: { kind: 'code', code: '' },
}

/** The other side has accounts in memory. */
conformsAccounts('http', async (people, clock) => {
  const behind = memoryAccounts(
    people.map((person) => ({ ...person, home: memoryStore() })),
    clock,
  )
  const server = await listen(async (body) => {
    const asked = JSON.parse(body) as Question
    const proof =
      asked.proof.kind === 'key'
        ? { ...asked.proof, key: Buffer.from(String(asked.proof.key), 'base64') }
        : asked.proof
    const earlier = asked.earlier.map((kind): Proof => proofs[kind])
    const verdict = await behind.verify({
      ...asked,
      peer: { address: '192.0.2.50', port: 5 },
      proof,
      earlier,
    })
    if (verdict.kind === 'accept') return [200, JSON.stringify({ allow: true })]
    return verdict.kind === 'continue' ? [200, JSON.stringify({ continue: verdict.wanted })] : [403, '']
  })
  return {
    accounts: accountsAt(server),
    async end() {
      server.closeAllConnections()
      server.close()
    },
  }
})

async function answering(t: TestContext, status: number, body: string): Promise<Accounts> {
  const server = await listen(async () => [status, body])
  t.after(() => {
    server.closeAllConnections()
    server.close()
  })
  return accountsAt(server)
}

test('the answer says what the account may', async (t) => {
  const settings = { readOnly: true, quota: { bytes: '1 MB' }, rights: { '/in': ['list'] } }
  const accounts = await answering(t, 200, JSON.stringify({ allow: true, name: 'other', settings }))
  const verdict = await accounts.verify(attemptOf('anna', 'secret'))
  assert.ok(verdict.kind === 'accept')
  assert.equal(verdict.account.name, 'other')
  assert.equal(verdict.account.readOnly, true)
  assert.deepEqual(verdict.account.rules, { quota: { bytes: 1_000_000 } })
})

test('what is no answer lets in nobody', async (t) => {
  for (const [status, body] of [
    [200, ''],
    [200, '[]'],
    [200, '{"allow":"yes"}'],
    [200, '{"allow":true,"settings":{"readonly":true}}'],
    [200, `{"allow":true,"name":"${'x'.repeat(300_000)}"}`],
    [500, '{"allow":true}'],
    [302, ''],
    [204, ''],
  ] as const) {
    const accounts = await answering(t, status, body)
    await assert.rejects(
      async () => accounts.verify(attemptOf('anna', 'secret')),
      Error,
      `${status} ${body.slice(0, 40)}`,
    )
  }
  for (const body of ['{}', '{"allow":false}']) {
    const accounts = await answering(t, 200, body)
    assert.equal((await accounts.verify(attemptOf('anna', 'secret'))).kind, 'refuse')
  }
  const terms = await answering(t, 200, '{"allow":true,"settings":{"protocols":["sftp"]}}')
  assert.equal((await terms.verify(attemptOf('anna', 'secret'))).kind, 'refuse')
})

test('nobody is asked about a name or a password that cannot be one', async (t) => {
  let asked = 0
  const server = await listen(async () => {
    asked += 1
    return [200, '{"allow":true}']
  })
  t.after(() => {
    server.closeAllConnections()
    server.close()
  })
  const accounts = accountsAt(server)
  for (const [user, password] of [
    ['', 'secret'],
    ['a\udc80', 'secret'],
    ['a'.repeat(longestCredential + 1), 'secret'],
    ['anna', ''],
    ['anna', 'p'.repeat(longestCredential + 1)],
  ] as const)
    assert.equal((await accounts.verify(attemptOf(user, password))).kind, 'refuse', user.slice(0, 9))
  assert.equal(asked, 0)
  const longest = 'a'.repeat(longestCredential)
  assert.equal((await accounts.verify(attemptOf(longest, longest))).kind, 'accept')
  assert.equal(asked, 1)
})
