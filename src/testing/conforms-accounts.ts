import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { Accounts, Attempt, Verdict } from '../core/account.ts'

/** Accounts in which `anna` has the password `secret` and nobody else has anything, and what ends them. */
export interface AccountsWorld {
  readonly accounts: Accounts
  end(): Promise<void>
}

/** Judges an Accounts driver: who is let in, and that everything odd is not. */
export function conformsAccounts(name: string, make: () => Promise<AccountsWorld>): void {
  const ask = async (user: string, password: string, more: Partial<Attempt> = {}): Promise<Verdict> => {
    const world = await make()
    try {
      return await world.accounts.verify({
        protocol: 'ftp',
        peer: { address: '192.0.2.1', port: 5000 },
        secure: false,
        user,
        proof: { kind: 'password', password },
        ...more,
      })
    } finally {
      await world.end()
    }
  }
  const refused: readonly [string, string, string][] = [
    ['a wrong password', 'anna', 'wrong'],
    ['the beginning of the password', 'anna', 'secre'],
    ['the password in other letters', 'anna', 'SECRET'],
    ['an empty password', 'anna', ''],
    ['a user nobody knows', 'nobody', 'secret'],
    ['an empty user', '', 'secret'],
    ['nothing at all', '', ''],
    ['a NUL behind the user', 'anna\0', 'secret'],
    ['a NUL behind the password', 'anna', 'secret\0'],
    ['a password of a megabyte', 'anna', 'x'.repeat(1024 * 1024)],
    ['a user of a megabyte', 'x'.repeat(1024 * 1024), 'secret'],
    ['a name that every object has', '__proto__', 'secret'],
    ['another such name', 'constructor', ''],
  ]

  void describe(`${name} conforms to Accounts:`, () => {
    void test('who knows the password is let in, as the account', async () => {
      const verdict = await ask('anna', 'secret')
      assert.equal(verdict.kind === 'accept' && verdict.account.name, 'anna')
    })

    for (const [title, user, password] of refused) {
      void test(`${title} is refused, with a reason for the log`, async () => {
        const verdict = await ask(user, password)
        assert.ok(verdict.kind === 'refuse' && verdict.reason !== '')
      })
    }

    void test('no proof, a key and a certificate that nobody registered are refused', async () => {
      const fingerprint = 'a'.repeat(64)
      const key = { kind: 'key', algorithm: 'ssh-ed25519', key: new Uint8Array(32), signed: true } as const
      for (const proof of [{ kind: 'none' }, { kind: 'certificate', fingerprint }, key] as const) {
        assert.notEqual((await ask('anna', '', { proof })).kind, 'accept')
      }
    })
  })
}
