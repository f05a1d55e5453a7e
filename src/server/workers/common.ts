import type { Link } from '../../cluster/link.ts'
import { sharedClaims } from '../../cluster/shared-claims.ts'
import type { Ledger } from '../../core/ledger.ts'
import type { Doorkeeper } from '../../policy/gate.ts'
import { sliceOf, type Bucket } from '../../policy/token-bucket.ts'
import type { Common } from '../serve.ts'
import type { LedgerName, MainService } from './protocol.ts'

type Main = Link<MainService>

/** A ledger that the main thread keeps. */
export function farLedger({ ask }: Main, of: LedgerName): Ledger {
  return {
    add: (key, amount, ceiling) => ask.add(of, key, amount, ceiling),
    read: (key) => ask.read(of, key),
    set: (key, value, forMs) => ask.set(of, key, value, forMs),
  }
}

/** The gate, which the main thread keeps. */
export function farGate({ ask }: Main): Doorkeeper {
  return { entering: (address) => ask.entering(address), trying: (address) => ask.trying(address) }
}

/** What a worker has in common with the others, in its place. */
export function commonOf(main: Main, claims: SharedArrayBuffer, place: number, prefix: string): Common {
  const { ask, tell } = main
  const own = sharedClaims(claims, place + 1)
  return {
    prefix,
    ledger: farLedger(main, 'doors'),
    claims: own,
    buckets: (key, rate) => farBucket(main, key, rate),
    quota: {
      claims: own,
      turns: {
        begin: (account) => ask.beginTurn(account),
        end: (account, how) => tell.endTurn(account, how),
        tellWriting: (account, files) => tell.tellWriting(account, files),
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
