import { blockPool } from '../../core/blocks.ts'
import type { Clock, Timer } from '../../core/clock.ts'
import type { Events } from '../../core/event.ts'
import type { Network, Peer } from '../../core/network.ts'
import type { Door } from '../../core/session.ts'
import { Listeners, type TftpListen } from './listeners.ts'
import { Reception } from './reception.ts'
import { tftpDefaults, type TftpSettings } from './settings.ts'

/** What a TFTP server needs from the house it stands in. */
export interface TftpServerOptions {
  readonly network: Network
  readonly clock: Clock
  readonly door: Door
  readonly events: Events
  readonly listen: TftpListen
  readonly settings?: Partial<TftpSettings>
}

/** A running TFTP server. */
export interface TftpServer {
  readonly local: Peer
  /** How many transfers there are. */
  readonly transfers: number
  /** Takes other settings for the requests that come from now on. Whether all use the one port stays as it was. */
  change(settings: Partial<TftpSettings>): void
  /** Takes no requests any more, lets running transfers end for this long, and then ends all. */
  drain(graceMs: number): Promise<void>
  /** Ends all now. */
  close(): Promise<void>
}

/** Starts a TFTP server. */
export async function serveTftp(options: TftpServerOptions): Promise<TftpServer> {
  const { network, clock, door, events, listen } = options
  const house = {
    network,
    clock,
    door,
    events,
    settings: { ...tftpDefaults, ...options.settings },
    blocks: blockPool(),
  }
  const reception = new Reception(house)
  const listeners = new Listeners(house, (listener, bytes, peer) => reception.take(listener, bytes, peer))
  await listeners.open(listen)
  const { local } = listeners
  events.emit({ kind: 'listening', protocol: 'tftp', local })
  const close = async (): Promise<void> => {
    reception.close()
    await listeners.close()
  }
  return {
    local,
    get transfers() {
      return reception.exchanges
    },
    change(settings) {
      const { ports } = house.settings
      const fresh = { ...tftpDefaults, ...settings }
      // A transfer that lives at the one port has to be found there.
      const isOther = (ports === 'single') !== (fresh.ports === 'single')
      house.settings = isOther ? { ...fresh, ports } : fresh
    },
    async drain(graceMs) {
      // The sockets stay: in single-port mode the running transfers need them.
      let timer: Timer | undefined
      const late = new Promise<void>((resolve) => {
        timer = clock.after(graceMs, resolve)
      })
      await Promise.race([reception.drain(), late])
      timer?.cancel()
      await close()
    },
    close,
  }
}
