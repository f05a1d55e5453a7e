import { isPrivate, isUnspecified, familyOf } from '../../core/address.ts'
import { isInNetwork } from '../../core/cidr.ts'
import type { Clock } from '../../core/clock.ts'
import type { Network, Peer } from '../../core/network.ts'
import type { FtpSettings } from './settings.ts'

/** The address for a 227 reply, and a word of warning where it is not likely to work. */
export interface Announcement {
  readonly address: string
  /** For the log, and for the client: there without digits and commas, as some clients read the numbers of a 227 wherever they are. */
  readonly warning?: { readonly log: string; readonly reply: string }
}

const unresolved = 'Note that the public name of this server cannot be resolved now.'
const behindNat = 'Note that this address is private: the server does not know its public one.'

/** How long a looked-up name is believed: dynamic addresses change, and no reply should wait for DNS each time. */
const believedMs = 60_000

/**
 * Chooses what address PASV tells a client. One that came over the LAN gets the address it came to, since few
 * routers let it in by the public one; everybody else gets the public address where one is set.
 */
export class Announcer {
  readonly #settings: FtpSettings
  readonly #network: Network
  readonly #clock: Clock
  readonly #known = new Map<string, { readonly address: string; readonly until: number }>()

  constructor(settings: FtpSettings, network: Network, clock: Clock) {
    this.#settings = settings
    this.#network = network
    this.#clock = clock
  }

  async addressFor(local: Peer, remote: Peer): Promise<Announcement> {
    const set = this.#settingFor(remote)
    if (set !== undefined) {
      const address = await this.#resolve(set)
      if (address !== undefined) return { address }
      return { address: local.address, warning: { log: `${set} has no IPv4 address now`, reply: unresolved } }
    }
    if (isPrivate(local.address) && !isPrivate(remote.address)) {
      return {
        address: local.address,
        warning: { log: 'it is private, set a public address', reply: behindNat },
      }
    }
    return { address: local.address }
  }

  /** What is wrong with the public address that is set; undefined: nothing. */
  async fault(): Promise<string | undefined> {
    const { publicAddress } = this.#settings
    if (publicAddress === undefined || (await this.#resolve(publicAddress)) !== undefined) return undefined
    return `the public address ${publicAddress} has no IPv4 address now: until it has, PASV tells clients the address of this machine that they came to`
  }

  #settingFor(remote: Peer): string | undefined {
    const exception = this.#settings.addresses.find(({ network }) => isInNetwork(remote.address, network))
    if (exception !== undefined) return exception.address
    return isPrivate(remote.address) ? undefined : this.#settings.publicAddress
  }

  async #resolve(host: string): Promise<string | undefined> {
    if (familyOf(host) === 4) return isUnspecified(host) ? undefined : host
    const known = this.#known.get(host)
    if (known !== undefined && known.until > this.#clock.ticks()) return known.address
    const found = await this.#lookup(host)
    // An old answer is better than none while the name server is away.
    if (found === undefined) return known?.address
    this.#known.set(host, { address: found, until: this.#clock.ticks() + believedMs })
    return found
  }

  async #lookup(host: string): Promise<string | undefined> {
    try {
      const addresses = await this.#network.lookup(host)
      return addresses.find((address) => familyOf(address) === 4 && !isUnspecified(address))
    } catch {
      return undefined // told to the client and the log as "has no address now"
    }
  }
}
