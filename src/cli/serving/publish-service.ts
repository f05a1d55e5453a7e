import { homedir } from 'node:os'
import { systemClock } from '../../core/clock.ts'
import { LoginError, TrustError, type NetworkError } from '../../core/error.ts'
import type { Events } from '../../core/event.ts'
import type { Peer } from '../../core/network.ts'
import { tcpNetwork } from '../../net/tcp.ts'
import { publishThrough, type Published } from '../../publish/publish-through.ts'
import type { PublishedDoors } from '../../server/published-doors.ts'
import { publishedHttp } from '../../server/published-http.ts'
import { dialSsh } from '../../ssh/client/dial.ts'
import { terminalAsk } from '../fetching/ask.ts'
import { errorText } from '../exit-status.ts'
import { rememberedAnswers, rememberedHosts } from '../fetching/remembered.ts'
import type { ServeWords } from './serve-options.ts'
import { sshHosts } from '../fetching/ssh-hosts.ts'
import { UsageError } from '../usage-error.ts'

/** The doors at an SSH host, once somebody is logged in there. */
export interface PublishService {
  readonly doors: PublishedDoors
  /** Whether others can come already. */
  readonly stands: boolean
  /** To be called when the doors stand, and HTTP here: opens its port there, and warns of what keeps clients out. */
  look(http: () => Peer | undefined): Promise<void>
  end(): Promise<void>
}

/** No client of a server is to be turned away by the SSH client in between: the limits of the server decide. */
const channels = 20_000

/** A dead link is noticed after twice this. */
const silenceMs = 15_000

/** Logs in at the SSH host that the words name; where the network is why that does not go now, it is tried on and on. */
export async function publishService(wish: ServeWords, events: Events): Promise<PublishService | undefined> {
  if (wish.publish === undefined) return undefined
  const { target, ports, http: httpThere } = wish.publish
  const asIs = wish.runAs === undefined
  const ask = rememberedAnswers(terminalAsk)
  const found = sshHosts(ask, homedir(), asIs ? 'all' : 'files')
  const hosts = asIs ? found : rememberedHosts(found)
  const { hostName } = await hosts.find(target)
  const network = tcpNetwork()
  const published = publishThrough({
    network,
    clock: systemClock,
    events,
    host: wish.publicAddress ?? hostName,
    anyPort: wish.passive === 'any',
    dial: async (signal) =>
      dialSsh(await hosts.find(target), {
        network,
        clock: systemClock,
        hosts,
        ask,
        silenceMs,
        channels,
        signal,
      }),
  })
  const warn = (text: string): void => events.emit({ kind: 'warning', text })
  const trouble = await begun(published)
  ask.answered()
  if (trouble !== undefined) {
    if (!asIs) {
      await published.end()
      throw new UsageError(
        `${target.host} cannot be reached now (${trouble.message}), and later the keys of root cannot be read any more: with --run-as the first connection must stand.`,
      )
    }
    warn(`${target.host} cannot be reached now: ${trouble.message}. It is tried again until it can`)
  }
  return {
    stands: trouble === undefined,
    doors: { network: published, host: published.host, ...ports },
    async look(http) {
      if (httpThere !== 'off') {
        if (http() === undefined) warn('--publish-http has nothing to publish: the configuration has no http')
        else await publishedHttp(published, httpThere, network, http)
      }
      const seen = await published.probe(typeof wish.passive === 'string' ? 0 : wish.passive.first)
      if (seen !== undefined) warn(seen)
    },
    end: () => published.end(),
  }
}

/** Whoever is not let in there, or does not trust it, is told before anything is served. */
async function begun(published: Published): Promise<NetworkError | undefined> {
  try {
    return await published.begin()
  } catch (thrown) {
    if (thrown instanceof LoginError || thrown instanceof TrustError) throw new UsageError(errorText(thrown))
    throw thrown
  }
}
