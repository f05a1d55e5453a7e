import { parentPort, workerData, type MessagePort } from 'node:worker_threads'
import { link, type Link } from '../../cluster/link.ts'
import { asError } from '../../core/error.ts'
import { systemClock } from '../../core/clock.ts'
import type { ServerEvent } from '../../core/event.ts'
import { tcpNetwork } from '../../net/tcp.ts'
import { askHooks } from '../../server/ask-hook.ts'
import { identityFor } from '../../server/certificates.ts'
import { networkOf, rateOf, recordingsOf } from '../../server/config-settings.ts'
import { openRegister } from '../../server/data.ts'
import { ListenError } from '../../server/listen-error.ts'
import { Recorder } from '../../server/recorder.ts'
import { serve, type Server } from '../../server/serve.ts'
import { commonOf, farLedger } from '../../server/workers/common.ts'
import { gatheredEvents, type GatheredEvents } from '../../server/workers/gathered-events.ts'
import type { MainService, StartFailure, WorkerService } from '../../server/workers/protocol.ts'
import { entrancesOf } from './entrances.ts'
import { openFolder } from './open-folder.ts'
import { Renewal } from './renewal.ts'
import { serveHomes } from './serve-accounts.ts'
import { parseServeWords, type ServeWords } from './serve-options.ts'
import { ftpTls, type TlsService } from './tls-service.ts'
import type { WorkerGiven } from './worker-given.ts'

if (parentPort !== null) await work(parentPort, workerData as WorkerGiven)

/** One worker of `ferry serve`: a whole server in a thread, which asks the main one for what there is once. */
async function work(port: MessagePort, first: WorkerGiven): Promise<void> {
  const held: Held = {
    given: first,
    countsLogins: first.placed.countsLogins,
    recorder: new Recorder(systemClock, first.placed.recordings),
    giveBack: async () => undefined,
  }
  let running: Running | undefined
  const service: WorkerService = {
    sessions: () => running?.server.sessions() ?? [],
    kick: (id, reason) => running?.server.kick(id, reason) ?? false,
    limit(limits, countsLogins) {
      held.countsLogins = countsLogins
      running?.server.limit(limits)
    },
    record: (most) => void (held.recorder.most = most),
    recording: (id) => held.recorder.of(id),
    identity: (identity) => void (held.given = { ...held.given, identity }),
    async renew(given) {
      const former = held.given
      try {
        held.given = given as WorkerGiven
        if (running !== undefined) await running.renewal.take(held.given.loaded, running.server)
      } catch (thrown) {
        held.given = former
        throw thrown
      }
    },
    listeners: () => running?.server.listeners ?? [],
    giveBack: (account) => held.giveBack(account),
    alive: () => undefined,
    look: async () => void (await running?.renewal.look()),
    async drain(graceMs) {
      await running?.server.drain(graceMs)
      running?.events.flush()
    },
    async close() {
      await running?.server.close()
      running?.events.flush()
    },
  }
  const main = link<MainService>(
    { post: (value) => port.postMessage(value), onMessage: (take) => void port.on('message', take) },
    service,
    bug,
  )
  // A mistake of ours in one session is told, and the other sessions go on.
  process.on('uncaughtException', bug)
  process.on('unhandledRejection', bug)
  try {
    running = await start(held, main)
    main.tell.ready(running.server.listeners)
  } catch (thrown) {
    main.tell.failed(failureOf(thrown))
  }

  function bug(thrown: unknown): void {
    const error = asError(thrown)
    main.tell.emit([{ kind: 'bug', text: error.stack ?? error.message }])
  }
}

/** What changes while it runs. */
interface Held {
  given: WorkerGiven
  countsLogins: boolean
  readonly recorder: Recorder
  /** Gives back what is booked ahead for an account. */
  giveBack: (account: string) => Promise<void>
}

interface Running {
  readonly server: Server
  readonly events: GatheredEvents
  readonly renewal: Renewal
}

async function start(held: Held, main: Link<MainService>): Promise<Running> {
  const { placed, loaded, generated } = held.given
  const wish = wishOf(held.given)
  const events = eventsOf(main, held, wish)
  const data = wish.data === undefined ? undefined : await openRegister(wish.data)
  const store = await openFolder(wish.directory)
  const homes = serveHomes(
    wish.directory,
    data?.register,
    (text) => events.emit({ kind: 'warning', text }),
    'refused',
  )
  const renewal = await Renewal.open(loaded, {
    wishOf: (fresh) => wishOf({ ...held.given, loaded: fresh }),
    read: (asked, { config }) =>
      entrancesOf(asked, {
        events,
        openFolder,
        transcript: recordingsOf(config, data !== undefined) > 0,
        tls: (tlsWish) => shownTls(tlsWish, held),
        keep: async (name, make) => held.given.hostKeys.get(name) ?? make(),
      }),
    generated,
    store,
    data,
    homes,
  })
  const server = await serve({
    ...renewal.entrances,
    accounts: renewal.accounts,
    events,
    limits: placed.limits,
    rules: { ask: askHooks(), rate: () => rateOf(held.given.loaded.config), ledger: farLedger(main) },
    network: networkOf(() => held.given.loaded.config, tcpNetwork(), systemClock),
    sweep: () => homes.toSweep(),
    common: commonOf(
      main,
      placed,
      () => held.countsLogins,
      (give) => void (held.giveBack = give),
    ),
  })
  return { server, events, renewal }
}

/** What was asked for, at the places that are this worker's. */
function wishOf({ loaded, words, places: { ports, ...more } }: WorkerGiven): ServeWords {
  return {
    ...parseServeWords([...loaded.words, ...words]),
    ftpPort: ports.ftp,
    ftpsPort: ports.ftps,
    sftpPort: ports.sftp,
    tftpPort: ports.tftp,
    ...more,
  }
}

/** The main thread reads certificates, and says here what to show. */
function shownTls(wish: ServeWords, held: Held): TlsService | undefined {
  const { identity } = held.given
  if (identity === undefined) return undefined
  return {
    tls: ftpTls(wish, (host) => identityFor(held.given.identity ?? identity, host)),
    identity,
    shown: () => [],
    look: async () => [],
    close: () => undefined,
  }
}

/** What happens here is told to the main thread, and dialogues stay here unless they are to be printed. */
function eventsOf({ tell }: Link<MainService>, held: Held, wish: ServeWords): GatheredEvents {
  let { loudness } = wish
  let read = held.given
  const isTold = ({ kind }: ServerEvent): boolean => {
    if (kind !== 'said') return kind !== 'listening'
    if (held.given !== read) ({ loudness } = wishOf(held.given))
    read = held.given
    return loudness === 'verbose'
  }
  const told = gatheredEvents((events) => tell.emit(events), systemClock)
  return {
    emit(event) {
      held.recorder.emit(event)
      if (isTold(event)) told.emit(event)
    },
    flush: () => told.flush(),
  }
}

function failureOf(thrown: unknown): StartFailure {
  const { message } = asError(thrown)
  if (!(thrown instanceof ListenError)) return { message }
  const { protocol, port, fault } = thrown
  return { message, listening: { protocol, port, fault } }
}
