import type { Protocol } from '../core/account.ts'
import type { Clock } from '../core/clock.ts'
import { dayMs } from '../core/day.ts'
import { NetworkError } from '../core/error.ts'
import type { Events } from '../core/event.ts'
import type { Network, Peer, Port } from '../core/network.ts'
import type { Door } from '../core/session.ts'
import { serveFtp, type FtpServer } from '../ftp/server/serve.ts'
import { scpWork } from '../scp/serve.ts'
import { serveSsh, type SshServer } from '../ssh/server/serve.ts'
import { serveTftp } from '../tftp/server/serve.ts'
import { onAllAddresses, opening } from './listening.ts'
import type { FtpListener, TftpListener } from './listener.ts'
import { keysOf, sftpWork, type SftpListener } from './sftp-listener.ts'

/** What is opened to the world. */
export interface Entrances {
  readonly ftp?: FtpListener | 'off'
  readonly sftp?: SftpListener | undefined
  readonly tftp?: TftpListener | undefined
}

/** What every door needs. */
export interface Foundations {
  readonly network: Network
  readonly clock: Clock
  readonly events: Events
  readonly door: Door
  /** Others listen at the same ports. */
  readonly share: boolean
}

/** Something that has sessions, and is ended with the server. */
interface Serving {
  drain(graceMs: number): Promise<void>
  close(): Promise<void>
}

/** Where a protocol is to be served. */
interface Place {
  readonly protocol: Protocol
  readonly host: string | undefined
  readonly port: number
}

interface Standing {
  readonly place: Place
  readonly port: Port
  readonly settings?: (listener: TftpListener) => void
}

/** The doors of a server: opened, moved and shut while sessions live on, each protocol by one server for all its time. */
export class Doors {
  readonly #house: Foundations
  readonly #standing = new Map<Protocol, Standing>()
  readonly #servers = new Set<Serving>()
  #ftp: FtpServer | undefined
  #ssh: SshServer | undefined
  #fingerprint: string | undefined
  #last: Promise<unknown> = Promise.resolve()

  constructor(house: Foundations) {
    this.#house = house
  }

  get listeners(): readonly { protocol: Protocol; local: Peer; fingerprint?: string }[] {
    return [...this.#standing].map(([protocol, { port }]) => ({
      protocol,
      local: port.local,
      ...(protocol === 'sftp' && this.#fingerprint !== undefined ? { fingerprint: this.#fingerprint } : {}),
    }))
  }

  /** Makes it so. When a door cannot be opened everything stays as it was. */
  change(wish: Entrances): Promise<void> {
    const done = this.#last.then(() => this.#change(wish))
    this.#last = done.catch(() => undefined)
    return done
  }

  async drain(graceMs: number): Promise<void> {
    await Promise.all([...this.#servers].map((server) => server.drain(graceMs)))
  }

  async close(): Promise<void> {
    await Promise.all([...this.#servers].map((server) => server.close()))
  }

  async #change(wish: Entrances): Promise<void> {
    const { ftp, sftp, tftp } = wish
    const places = placesOf(wish)
    const offers = sftp === undefined ? undefined : await this.#offersOf(sftp)
    const {
      host: _host,
      port: _port,
      implicitPort: _implicit,
      ...ftpSettings
    } = ftp === 'off' ? {} : (ftp ?? {})
    this.#ftp ??= ftp === 'off' ? undefined : this.#keep(serveFtp({ ...this.#house, settings: ftpSettings }))
    this.#ssh ??= offers === undefined ? undefined : this.#keep(serveSsh({ ...this.#house, ...offers }))
    const fresh = await this.#openAll(places, tftp)
    // From here on nothing fails.
    if (ftp !== 'off') this.#ftp?.change(ftpSettings)
    if (offers !== undefined) this.#ssh?.change(offers)
    this.#fingerprint = offers?.fingerprint
    for (const [protocol, { port }] of this.#standing) {
      if (places.some((place) => place.protocol === protocol) && !fresh.has(protocol)) continue
      this.#standing.delete(protocol)
      await port.close()
    }
    for (const [protocol, standing] of fresh) this.#standing.set(protocol, standing)
    if (tftp !== undefined) this.#standing.get('tftp')?.settings?.(tftp)
  }

  /** Opens the doors that do not stand yet, all of them or none. */
  async #openAll(
    places: readonly Place[],
    tftp: TftpListener | undefined,
  ): Promise<ReadonlyMap<Protocol, Standing>> {
    const fresh = new Map<Protocol, Standing>()
    const shut: Standing[] = []
    try {
      for (const place of places) {
        const former = this.#standing.get(place.protocol)
        if (former !== undefined && isSame(former.place, place)) continue
        try {
          fresh.set(place.protocol, await this.#open(place, tftp))
        } catch (thrown) {
          const isInUse = thrown instanceof NetworkError && thrown.fault === 'in-use'
          if (!isInUse || former?.place.port !== place.port) throw thrown
          // It moves to another address of its port: the one excludes the other.
          await former.port.close()
          shut.push(former)
          fresh.set(place.protocol, await this.#open(place, tftp))
        }
      }
      return fresh
    } catch (thrown) {
      for (const { port } of fresh.values()) await port.close()
      for (const { place } of shut) this.#standing.set(place.protocol, await this.#open(place, tftp))
      throw thrown
    }
  }

  async #open(place: Place, tftp: TftpListener = {}): Promise<Standing> {
    const { protocol, host, port } = place
    const { share } = this.#house
    if (protocol === 'tftp') return opening(protocol, port, () => this.#openTftp(place, tftp))
    const opened = await opening(protocol, port, () =>
      onAllAddresses(host, (address) => {
        const listen = { host: address, port, share }
        const work = protocol === 'sftp' ? this.#ssh?.open(listen) : this.#ftp?.open(protocol, listen)
        if (work === undefined) throw new Error(`nobody serves ${protocol}`)
        return work
      }),
    )
    return { place, port: opened }
  }

  async #openTftp(place: Place, { host, port: _port, ...settings }: TftpListener): Promise<Standing> {
    const listen = { host, port: place.port, share: this.#house.share }
    const server = await serveTftp({ ...this.#house, settings, listen })
    this.#servers.add(server)
    const retire = async (): Promise<void> => {
      await server.drain(longestTransferMs)
      this.#servers.delete(server)
    }
    return {
      place,
      // Its sockets may be what its transfers live on: they go with the last of those.
      port: { local: server.local, close: async () => void retire() },
      settings: ({ host: _host, port: _at, ...fresh }) => server.change(fresh),
    }
  }

  async #offersOf({ host: _host, port: _port, sessions, ...listener }: SftpListener) {
    const { keep: _keep, hostKeys: _given, hostCertificates: _certificates, ...settings } = listener
    const { keys, fingerprint } = await keysOf(listener)
    const { clock, events } = this.#house
    const services = { sftp: sftpWork(clock, events, sessions), exec: scpWork(events) }
    return { hostKeys: keys, services, settings, fingerprint }
  }

  #keep<Server extends Serving>(server: Server): Server {
    this.#servers.add(server)
    return server
  }
}

/** How long a transfer of TFTP may go on at a port that is shut. */
const longestTransferMs = dayMs

function placesOf({ ftp = {}, sftp, tftp }: Entrances): readonly Place[] {
  const places: Place[] = []
  if (ftp !== 'off') {
    const { host, port = 2121, implicitPort } = ftp
    if (port !== 'off') places.push({ protocol: 'ftp', host, port })
    if (implicitPort !== undefined) places.push({ protocol: 'ftps', host, port: implicitPort })
  }
  if (sftp !== undefined) places.push({ protocol: 'sftp', host: sftp.host, port: sftp.port ?? 2222 })
  if (tftp !== undefined) places.push({ protocol: 'tftp', host: tftp.host, port: tftp.port ?? 6969 })
  return places
}

function isSame(one: Place, other: Place): boolean {
  return one.host === other.host && one.port === other.port
}
