import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { Accounts, Attempt, Proof, Verdict } from '../core/account.ts'
import { rootPath } from '../core/path.ts'

/** Someone who is to be let in with this password. */
export interface Person {
  readonly name: string
  readonly password: string
}

/** Accounts made for one case, and what ends them. */
export interface AccountsWorld {
  readonly accounts: Accounts
  end(): Promise<void>
}

const anna: Person = { name: 'anna', password: 'secret' }
const bert: Person = { name: 'bert', password: 'other' }

/** Judges an Accounts driver: who shows what he should is let in, and nobody else, whatever he shows. */
export function conformsAccounts(
  name: string,
  make: (people: readonly Person[]) => Promise<AccountsWorld>,
): void {
  const judge = (
    promise: string,
    people: readonly Person[],
    run: (accounts: Accounts) => Promise<void>,
  ): void => {
    test(promise, async (context) => {
      const world = await make(people)
      context.after(() => world.end())
      await run(world.accounts)
    })
  }
  describe(`${name} conforms to Accounts:`, () => {
    judge('the right password is let in, to the account of that name', [anna, bert], async (accounts) => {
      for (const person of [anna, bert, anna]) {
        const account = accepted(await accounts.verify(attemptOf(person.name, person.password)))
        assert.equal(account.name, person.name)
        assert.equal((await account.home.stat(rootPath)).kind, 'directory')
      }
    })
    judge('a wrong password and an unknown name are refused alike', [anna, bert], async (accounts) => {
      const wrong = await accounts.verify(attemptOf('anna', 'wrong'))
      const unknown = await accounts.verify(attemptOf('nobody', 'secret'))
      refused(wrong)
      refused(unknown)
      assert.equal(wrong.kind, unknown.kind)
      refused(await accounts.verify(attemptOf('anna', bert.password)))
    })
    judge('what is nearly right is wrong', [anna], async (accounts) => {
      for (const password of [
        '',
        'secre',
        'secret ',
        ' secret',
        'Secret',
        'secret\0',
        'secret\0x',
        'secret\n',
      ])
        refused(await accounts.verify(attemptOf('anna', password)), password)
      for (const user of [
        '',
        'ann',
        'anna ',
        ' anna',
        'anna\0',
        'anna\0x',
        'anna\n',
        'anna/',
        '../anna',
        '*',
      ])
        refused(await accounts.verify(attemptOf(user, 'secret')), user)
    })
    judge('names that mean something elsewhere mean nobody', [anna], async (accounts) => {
      for (const user of ['__proto__', 'constructor', 'toString', 'root', "' or '1'='1", '%', 'anna,bert']) {
        for (const password of ['secret', '']) refused(await accounts.verify(attemptOf(user, password)), user)
      }
    })
    judge('an endless name or password is refused, and soon', [anna], async (accounts) => {
      const endless = 'x'.repeat(4_000_000)
      const started = performance.now()
      for (let count = 0; count < 20; count += 1) {
        refused(await accounts.verify(attemptOf(endless, 'secret')))
        refused(await accounts.verify(attemptOf('anna', endless)))
        refused(await accounts.verify(attemptOf('anna', `secret${endless}`)))
      }
      assert.ok(performance.now() - started < 5000)
    })
    judge('a password may be of any letters, and each byte of it counts', people, async (accounts) => {
      for (const person of people)
        assert.equal(
          accepted(await accounts.verify(attemptOf(person.name, person.password))).name,
          person.name,
        )
      refused(await accounts.verify(attemptOf('zoë', 'pässword')))
      refused(await accounts.verify(attemptOf('latin', 'caf\udce8')))
      refused(await accounts.verify(attemptOf('latin', 'caf\ufffd')))
    })
    judge('who has a password is not let in without', [anna], async (accounts) => {
      const proofs: Proof[] = [
        { kind: 'none' },
        { kind: 'key', algorithm: 'ssh-ed25519', key: new Uint8Array(32), signed: true },
        { kind: 'certificate', fingerprint: 'secret' },
      ]
      for (const proof of proofs) {
        const verdict = await accounts.verify({ ...attemptOf('anna', ''), proof })
        assert.notEqual(verdict.kind, 'accept', proof.kind)
      }
    })
    judge('many at once are each judged for themselves', [anna, bert], async (accounts) => {
      const attempts = Array.from({ length: 60 }, (_, at) => {
        const person = at % 2 === 0 ? anna : bert
        return attemptOf(person.name, at % 3 === 0 ? 'wrong' : person.password)
      })
      const verdicts = await Promise.all(attempts.map((attempt) => accounts.verify(attempt)))
      for (const [at, verdict] of verdicts.entries()) {
        if (at % 3 === 0) refused(verdict)
        else assert.equal(accepted(verdict).name, attempts[at]?.user)
      }
    })
    judge('where there is nobody, nobody is let in', [], async (accounts) => {
      refused(await accounts.verify(attemptOf('anna', 'secret')))
      refused(await accounts.verify(attemptOf('', '')))
    })
  })
}

/** Passwords of many languages, one with a space, and one in Latin-1 as its bytes come from the wire. */
const people: readonly Person[] = [
  { name: 'zoë', password: 'pässwörd' },
  { name: '日本', password: 'パスワード🔑' },
  { name: 'with space', password: ' two words ' },
  { name: 'latin', password: 'caf\udce9' },
  { name: 'long', password: 'p'.repeat(500) },
]

/** A try to log in with a password, over FTP from somewhere. */
export function attemptOf(user: string, password: string): Attempt {
  return {
    protocol: 'ftp',
    peer: { address: '192.0.2.50', port: 40_000 },
    secure: false,
    user,
    proof: { kind: 'password', password },
  }
}

function accepted(verdict: Verdict) {
  assert.ok(verdict.kind === 'accept', `expected to be let in: ${JSON.stringify(verdict)}`)
  return verdict.account
}

/** Refused, with a reason for the log. */
function refused(verdict: Verdict, what = ''): void {
  assert.ok(verdict.kind === 'refuse', `expected to be refused: ${JSON.stringify(what)}`)
  assert.notEqual(verdict.reason, '')
}
