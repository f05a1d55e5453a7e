import { Register } from '../../src/accounts/register.ts'
import { systemClock } from '../../src/core/clock.ts'
import { parsePath } from '../../src/core/path.ts'
import { sqliteBans } from '../../src/database/bans.ts'
import { openDatabase } from '../../src/database/database.ts'
import { sqliteLedger } from '../../src/database/ledger.ts'
import { lockFolder } from '../../src/database/lock.ts'
import { atomicUploads } from '../../src/policy/atomic.ts'
import { banDefaults, Bans } from '../../src/policy/bans.ts'
import { memoryClaims } from '../../src/core/claims.ts'
import { quotas } from '../../src/policy/quota.ts'
import { diskStore } from '../../src/stores/disk.ts'
import { loginOf } from '../../src/testing/login-of.ts'

/** Uploads, removes, bans and changes accounts as fast as it can until it is killed: `victim.ts DATA HOME LIMIT`. */
const [data = '', home = '', limit = '0'] = process.argv.slice(2)
lockFolder(`${data}/server.lock`)
const database = openDatabase(`${data}/ferry.db`)
const register = new Register(database)
const rule = quotas(sqliteLedger(database, systemClock))
const login = loginOf({ rules: { quota: { bytes: Number(limit) } } })
const store = atomicUploads(memoryClaims())(rule.policy(await diskStore(home), login), login)
const bans = new Bans(systemClock, sqliteBans(database), banDefaults, () => undefined)
process.stdout.write('ready\n')

/** What is said here was promised: it must be true after the kill. */
function promise(text: string): void {
  process.stdout.write(`${text}\n`)
}

async function upload(name: string, pieces: number): Promise<void> {
  promise(`begun ${name} ${pieces * 1000}`)
  const file = await store.open(parsePath(`/${name}`), { write: true, create: 'allow', truncate: true })
  try {
    await Promise.all(
      Array.from({ length: pieces }, (_, at) => file.write([Buffer.alloc(1000, 1)], at * 1000)),
    )
    await file.close()
    promise(`stored ${name} ${pieces * 1000}`)
  } catch (thrown) {
    await file.abort(thrown instanceof Error ? thrown : new Error('?'))
    promise(`refused ${name}`)
  }
}

for (let round = 0; ; round += 1) {
  await Promise.all(
    [0, 1, 2, 3].map((lane) => upload(`f${(round * 4 + lane) % 12}`, 1 + ((round + lane) % 16))),
  )
  if (round % 3 === 2) {
    promise(`removing f${round % 12}`)
    await store.remove(parsePath(`/f${round % 12}`)).catch(() => undefined)
  }
  const address = `10.0.${(round >> 8) & 255}.${round & 255}`
  bans.add(address, undefined, 'test')
  promise(`banned ${address}`)
  register.add(`user${process.pid}-${round}`, undefined, { sessions: 1 })
  promise(`user user${process.pid}-${round}`)
}
