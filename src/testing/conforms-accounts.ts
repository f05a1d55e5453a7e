import assert from 'node:assert/strict'
import type { Accounts, Attempt, Proof, Verdict } from '../core/account.ts'
import type { Clock } from '../core/clock.ts'
import { rootPath } from '../core/path.ts'
import { codeAt, parseSecret } from '../accounts/totp.ts'
import { FakeClock } from './fake-clock.ts'
import { declare, nodeRunner, type SuiteOptions } from './runner.ts'

/** Someone who is to be let in with what stands here. */
export interface Person {
  readonly name: string
  readonly password?: string
  /** Blobs of public keys. */
  readonly keys?: readonly Uint8Array[]
  readonly certificates?: readonly string[]
  /** The secret of one-time codes, in base32. */
  readonly totp?: string
  readonly needs?: readonly (readonly Proof['kind'][])[]
}

/** Accounts made for one case, and what ends them. */
export interface AccountsWorld {
  readonly accounts: Accounts
  end(): Promise<void>
}

const anna = { name: 'anna', password: 'secret' }
const bert = { name: 'bert', password: 'other' }

/** Judges an Accounts driver: whoever shows what they should is let in, and nobody else, whatever they show. */
export function conformsAccounts(
  name: string,
  make: (people: readonly Person[], clock: Clock) => Promise<AccountsWorld>,
  options: SuiteOptions = {},
): void {
  const { runner = nodeRunner } = options
  const judge: Judge = (promise, people, run) => {
    declare(options, promise, async () => {
      const clock = new FakeClock()
      const world = await make(people, clock)
      try {
        await run(world.accounts, clock)
      } finally {
        await world.end()
      }
    })
  }
  runner.describe(`${name} conforms to Accounts:`, () => {
    passwordsLetIn(judge)
    keysLetIn(judge)
    codesAreGoodOnce(judge)
  })
}

/** Declares a case: what is promised, of accounts of these people. */
type Judge = (
  promise: string,
  people: readonly Person[],
  run: (accounts: Accounts, clock: FakeClock) => Promise<void>,
) => void

function passwordsLetIn(judge: Judge): void {
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
    for (const password of ['', 'secre', 'secret ', ' secret', 'Secret', 'secret\0', 'secret\0x', 'secret\n'])
      refused(await accounts.verify(attemptOf('anna', password)), password)
    for (const user of ['', 'ann', 'anna ', ' anna', 'anna\0', 'anna\0x', 'anna\n', 'anna/', '../anna', '*'])
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
      assert.equal(accepted(await accounts.verify(attemptOf(person.name, person.password))).name, person.name)
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
}

function keysLetIn(judge: Judge): void {
  judge(
    'any of several keys lets in, and no other; a question about one is answered',
    [carl, anna],
    async (accounts) => {
      for (const key of carl.keys)
        assert.equal(accepted(await accounts.verify(showing('carl', keyProof(key)))).name, 'carl')
      const question = { ...keyProof(carl.keys[0]), signed: false }
      accepted(await accounts.verify(showing('carl', question)))
      refused(await accounts.verify(showing('carl', keyProof(blob(3)))))
      refused(await accounts.verify(showing('carl', { ...keyProof(blob(3)), signed: false })))
      refused(await accounts.verify(showing('anna', keyProof(carl.keys[0]))))
      refused(await accounts.verify(showing('nobody', keyProof(carl.keys[0]))))
      refused(await accounts.verify(attemptOf('carl', 'secret')))
    },
  )
  judge(
    'a certificate lets in whose it is',
    [{ name: 'dora', certificates: ['ab'.repeat(32)] }, anna],
    async (accounts) => {
      const proof = { kind: 'certificate', fingerprint: 'ab'.repeat(32) } as const
      assert.equal(accepted(await accounts.verify(showing('dora', proof))).name, 'dora')
      accepted(await accounts.verify(showing('dora', { ...proof, fingerprint: 'AB:'.repeat(31) + 'AB' })))
      refused(await accounts.verify(showing('anna', proof)))
      for (const fingerprint of ['', 'ab'.repeat(31), 'ac'.repeat(32)])
        refused(await accounts.verify(showing('dora', { ...proof, fingerprint })))
    },
  )
  judge('where two are needed, one is a step and not enough', [twice], async (accounts) => {
    const key = keyProof(blob(1))
    const password = { kind: 'password', password: 'secret' } as const
    assert.deepEqual(await accounts.verify(showing('eva', key)), { kind: 'continue', wanted: ['password'] })
    assert.deepEqual(await accounts.verify(showing('eva', password)), { kind: 'continue', wanted: ['key'] })
    accepted(await accounts.verify({ ...showing('eva', password), earlier: [key] }))
    accepted(await accounts.verify({ ...showing('eva', key), earlier: [password] }))
    // A key that was only asked about proves nothing.
    const asked = await accounts.verify({
      ...showing('eva', password),
      earlier: [{ ...key, signed: false }],
    })
    assert.equal(asked.kind, 'continue')
    refused(await accounts.verify({ ...showing('eva', { ...password, password: 'wrong' }), earlier: [key] }))
    refused(await accounts.verify({ ...showing('eva', keyProof(blob(2))), earlier: [password] }))
    const same = await accounts.verify({ ...showing('eva', key), earlier: [key] })
    assert.equal(same.kind, 'continue')
  })
}

function codesAreGoodOnce(judge: Judge): void {
  judge('a code is asked for behind the password, and is good once', [fritz], async (accounts, clock) => {
    const password = { kind: 'password', password: 'secret' } as const
    const code = (): Proof => ({
      kind: 'code',
      code: codeAt(parseSecret(fritz.totp) ?? new Uint8Array(), clock.now()),
    })
    assert.deepEqual(await accounts.verify(showing('fritz', password)), {
      kind: 'continue',
      wanted: ['code'],
    })
    refused(await accounts.verify(showing('fritz', code())), 'a code alone')
    refused(
      await accounts.verify({ ...showing('fritz', { kind: 'code', code: '000000' }), earlier: [password] }),
    )
    accepted(await accounts.verify({ ...showing('fritz', code()), earlier: [password] }))
    refused(await accounts.verify({ ...showing('fritz', code()), earlier: [password] }), 'used')
    await clock.advance(30_000)
    accepted(await accounts.verify({ ...showing('fritz', code()), earlier: [password] }))
  })
  judge(
    'a code may stand behind the password in one field, also only once',
    [fritz],
    async (accounts, clock) => {
      const both = `secret${codeAt(parseSecret(fritz.totp) ?? new Uint8Array(), clock.now())}`
      refused(await accounts.verify(attemptOf('fritz', `wrong${both.slice(-6)}`)))
      const verdicts = await Promise.all([1, 2, 3].map(() => accounts.verify(attemptOf('fritz', both))))
      assert.equal(verdicts.filter(({ kind }) => kind === 'accept').length, 1)
      refused(await accounts.verify(attemptOf('fritz', both)))
    },
  )
}

const carl = { name: 'carl', keys: [blob(1), blob(2)] } as const
const twice = { name: 'eva', password: 'secret', keys: [blob(1)], needs: [['key', 'password']] } as const
const fritz = { name: 'fritz', password: 'secret', totp: 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ' } as const

/** A public key's blob, as good as any to who only compares. */
function blob(seed: number): Uint8Array {
  return Buffer.concat([Buffer.from('\0\0\0\x0bssh-ed25519\0\0\0\x20'), Buffer.alloc(32, seed)])
}

function keyProof(key: Uint8Array) {
  return { kind: 'key', algorithm: 'ssh-ed25519', key, signed: true } as const
}

function showing(user: string, proof: Proof): Attempt {
  return { ...attemptOf(user, ''), protocol: 'sftp', secure: true, proof }
}

/** Passwords of many languages, one with a space, and one in Latin-1 as its bytes come from the wire. */
const people: readonly (Person & { password: string })[] = [
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
