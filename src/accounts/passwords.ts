import { compare as compareBcrypt } from 'bcryptjs'
import { decodeText, encodeText } from '../core/text.ts'
import { hashArgon2id, readArgon2id, type Argon2Cost } from './hashes/argon2id.ts'
import { readCrypt } from './hashes/crypt.ts'
import { readPbkdf2, readScrypt, readSsha, type Matches } from './hashes/derived.ts'

/** Whose turn it is: whoever got in lately, then whoever is new, and last whoever guessed wrong a moment ago. */
export type Lane = 'known' | 'new' | 'guessed'

/** Makes and checks hashes of passwords, a few at once. */
export interface Passwords {
  hash(password: string): Promise<string>
  /** `weak`: it is right, and the hash should be made anew. */
  verify(password: string, stored: string, lane?: Lane): Promise<'right' | 'weak' | 'wrong'>
  /** Costs what `verify` costs, for names that nobody has. */
  pretend(password: string, lane?: Lane): Promise<void>
}

/** What hashes of passwords may cost. */
export interface PasswordsOptions {
  readonly cost?: Argon2Cost
  /** How many are computed at once: each takes a core and the cost's memory. */
  readonly atOnce?: number
  /** How many may wait in each lane; more are turned away at once. */
  readonly waiting?: number
}

/** What OWASP recommends for argon2id (19 MiB, two passes): about 30 ms of a core. */
const usualCost: Argon2Cost = { memory: 19_456, passes: 2 }

/** argon2id for all that is new; the hashes of other servers are read, until a login makes them new. */
export function passwords(options: PasswordsOptions = {}): Passwords {
  const cost = options.cost ?? usualCost
  const inTurn = turns(options.atOnce ?? 2, options.waiting ?? 1000)
  const nobody = hashArgon2id(encodeText('nobody'), cost)
  return {
    hash: (password) => inTurn('known', () => hashArgon2id(encodeText(password), cost)),
    verify: (password, stored, lane = 'new') =>
      inTurn(lane, async () => {
        const known = readArgon2id(stored)
        const bytes = encodeText(password)
        if (known === undefined) return (await foreign(stored)?.(bytes)) === true ? 'weak' : 'wrong'
        if (!(await known.matches(bytes))) return 'wrong'
        return known.cost.memory < cost.memory || known.cost.passes < cost.passes ? 'weak' : 'right'
      }),
    pretend: (password, lane = 'new') =>
      inTurn(lane, async () => {
        await readArgon2id(await nobody)?.matches(encodeText(password))
      }),
  }
}

/** Whether a stored hash is one that can be checked. */
export function isKnownHash(stored: string): boolean {
  return readArgon2id(stored) !== undefined || foreign(stored) !== undefined
}

function foreign(stored: string): Matches | undefined {
  const crypt = readCrypt(stored)
  if (crypt !== undefined) return async (password) => crypt(password)
  return readBcrypt(stored) ?? readScrypt(stored) ?? readPbkdf2(stored) ?? readSsha(stored)
}

/** bcrypt is computed in JavaScript, in slices between which the loop turns; more than cost 14 would take seconds. */
function readBcrypt(stored: string): Matches | undefined {
  const [, cost = ''] = /^\$2[aby]\$(\d\d)\$[./\w]{53}$/u.exec(stored) ?? []
  if (cost === '' || Number(cost) < 4 || Number(cost) > 14) return undefined
  return async (password) => {
    const text = decodeText(password)
    // It would take all bytes that are not UTF-8 for the same, and end at a NUL.
    return text.isWellFormed() && !text.includes('\0') && compareBcrypt(text, stored)
  }
}

/** One turn in so many goes the other way round, so that no lane waits for ever. */
const otherWayEvery = 8

const order: readonly Lane[] = ['known', 'new', 'guessed']

/** Runs so many at once, keeps so many waiting in each lane, and turns away the rest. */
function turns(
  atOnce: number,
  mostWaiting: number,
): <Result>(lane: Lane, work: () => Promise<Result>) => Promise<Result> {
  let running = 0
  let turn = 0
  const waiting: Readonly<Record<Lane, (() => void)[]>> = { known: [], new: [], guessed: [] }
  const next = (): (() => void) | undefined => {
    turn += 1
    const lanes = turn % otherWayEvery === 0 ? order.toReversed() : order
    const lane = lanes.find((one) => waiting[one].length > 0)
    return lane === undefined ? undefined : waiting[lane].shift()
  }
  return async (lane, work) => {
    if (running >= atOnce) {
      if (waiting[lane].length >= mostWaiting) throw new Error('too many passwords wait to be checked')
      await new Promise<void>((resolve) => waiting[lane].push(resolve))
    } else running += 1
    try {
      return await work()
    } finally {
      // The place goes on to whose turn it is.
      const waiter = next()
      if (waiter === undefined) running -= 1
      else waiter()
    }
  }
}
