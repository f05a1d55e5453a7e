import { parentPort, workerData } from 'node:worker_threads'
import { link } from '../cluster/link.ts'
import { doorDefaults } from '../policy/door-limits.ts'
import { commonOf } from '../server/workers/common.ts'
import type { MainService, WorkerService } from '../server/workers/protocol.ts'
import type { Placed } from '../server/workers/team.ts'

/** What the worker is given. */
export interface TestWorkerGiven {
  readonly placed: Placed
  /** It cannot start. */
  readonly broken?: boolean
  /** What it opens. */
  readonly doors?: string
  /** It cannot open them. */
  readonly refuses?: boolean
}

/** What a test asks of a worker without a network: `kick('0 take', 'x')` has the first take x, and says whether it went. */
type Deed = (what: string) => boolean | Promise<boolean>

if (parentPort !== null) {
  const port = parentPort
  const { placed, broken = false } = workerData as TestWorkerGiven
  let { limits, recordings } = placed
  let doors: string | undefined
  const deeds: Readonly<Record<string, Deed>> = {
    take: (key) => common.ledger.add(key, 1, 3),
    claim: (name) => common.claims.take(name),
    knock: async (address) => (await common.admission.admit(address, doorDefaults)).kind === 'place',
    limited: (most) => limits.connections === Number(most),
    opened: (wanted) => doors === wanted,
    records: (most) => recordings === Number(most),
    async pass(bytes) {
      await common.buckets('server download', 1000).take(Number(bytes), new AbortController().signal)
      return true
    },
    connect(session) {
      const peer = { address: '192.0.2.1', port: 5 }
      main.tell.emit([
        { kind: 'connected', session, protocol: 'ftp', peer },
        { kind: 'login', session, protocol: 'ftp', peer, account: 'anna' },
      ])
      return true
    },
    hang() {
      for (;;);
    },
    crash(text) {
      setImmediate(() => {
        throw new Error(text)
      })
      return true
    },
  }
  const service: { [Key in keyof WorkerService]: (...words: Parameters<WorkerService[Key]>) => unknown } = {
    sessions: () => [],
    kick(id, what) {
      const [place = '', deed = ''] = id.split(' ')
      return Number(place) === placed.place && (deeds[deed]?.(what) ?? false)
    },
    limit: (fresh) => void (limits = fresh),
    record: (most) => void (recordings = most),
    recording: () => undefined,
    identity: () => undefined,
    renew(given) {
      const fresh = given as TestWorkerGiven
      if (fresh.refuses === true) throw new Error('it is taken')
      doors = fresh.doors
    },
    listeners: () => [{ protocol: 'ftp', address: '127.0.0.1', port: 2121 }],
    giveBack: () => undefined,
    alive: () => main.tell.emit([{ kind: 'bug', text: 'asked whether it is there' }]),
    look: () => undefined,
    drain: () => undefined,
    close: () => undefined,
  }
  const main = link<MainService>(
    { post: (value) => port.postMessage(value), onMessage: (take) => void port.on('message', take) },
    service,
    () => undefined,
  )
  const common = commonOf(
    main,
    placed,
    () => false,
    () => undefined,
  )
  if (broken) {
    const listening = { protocol: 'ftp', port: 21, fault: 'in-use' } as const
    main.tell.failed({ message: 'it is taken', listening })
  } else main.tell.ready([{ protocol: 'ftp', address: '127.0.0.1', port: 2121 }])
}
