import type { Link } from '../../cluster/link.ts'
import { sharedClaims } from '../../cluster/shared-claims.ts'
import type { Ledger } from '../../core/ledger.ts'
import type { QuotaTurns } from '../../core/quota-turns.ts'
import { sliceOf, type Bucket } from '../../policy/token-bucket.ts'
import type { Common } from '../serve.ts'
import type { MainService } from './protocol.ts'
import type { Placed } from './team.ts'

type Main = Link<MainService>

/** Counters that outlive the run, which the main thread keeps. */
export function farLedger({ ask }: Main): Ledger {
  return {
    add: (key, amount, ceiling) => ask.add('kept', key, amount, ceiling),
    read: (key) => ask.read('kept', key),
    set: (key, value, forMs) => ask.set('kept', key, value, forMs),
  }
}

/** Counters of this run, which the main thread keeps in memory: where there is no ceiling there is no answer to wait for. */
function doorsLedger({ ask, tell }: Main): Ledger {
  return {
    async add(key, amount, ceiling) {
      if (amount > 0 && ceiling !== undefined) return ask.add('doors', key, amount, ceiling)
      tell.add('doors', key, amount, undefined)
      return true
    },
    read: (key) => ask.read('doors', key),
    set: (key, value, forMs) => ask.set('doors', key, value, forMs),
  }
}

/** What a worker has in common with the others, in its place. */
export function commonOf(
  main: Main,
  { claims, place, prefix }: Placed,
  countsLogins: () => boolean,
  onGather: QuotaTurns['onGather'],
): Common {
  const { ask, tell } = main
  const own = sharedClaims(claims, place + 1)
  return {
    prefix,
    ledger: doorsLedger(main),
    // Nobody is asked about logins where those are not counted.
    admission: {
      admit: (address, limits) => ask.admit(address, limits),
      trying: (address) => (countsLogins() ? ask.trying(address) : undefined),
    },
    claims: own,
    buckets: (key, rate) => farBucket(main, key, rate),
    quota: {
      claims: own,
      turns: {
        begin: (account) => ask.beginTurn(account),
        end: (account, how) => tell.endTurn(account, how),
        tellWriting: (account, files) => tell.tellWriting(account, files),
        gather: (account) => ask.gatherQuota(account),
        onGather,
        forget: () => tell.forgetQuotas(),
        leave: async () => undefined,
      },
    },
  }
}

/** Who is sent away while it waits waits no longer; what it asked for is paid for all the same. */
function farBucket({ ask }: Main, key: string, bytesPerSecond: number): Bucket {
  return {
    slice: sliceOf(bytesPerSecond),
    async take(bytes, signal) {
      if (bytes <= 0 || signal.aborted) return
      const { promise, resolve, reject } = Promise.withResolvers<void>()
      const stop = (): void => resolve()
      signal.addEventListener('abort', stop, { once: true })
      ask.pass(key, bytesPerSecond, bytes).then(stop, reject)
      try {
        await promise
      } finally {
        signal.removeEventListener('abort', stop)
      }
    },
  }
}
