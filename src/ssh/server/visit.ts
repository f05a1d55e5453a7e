import type { Ports } from '../../core/account.ts'
import { asError, NetworkError, ProtocolError } from '../../core/error.ts'
import type { Conn, Peer } from '../../core/network.ts'
import type { Session, Visitor } from '../../core/session.ts'
import type { ChannelLink } from '../channel-link.ts'
import { Channels, type ChannelHost } from '../channels.ts'
import { NothingInCommon } from '../kex/negotiate.ts'
import { withLegacy } from '../offer.ts'
import type { Signer } from '../signer.ts'
import { Transport, type Layer } from '../transport.ts'
import { openFailure, disconnectReason, message } from '../wire/message.ts'
import type { OpenWish } from '../wire/channel-messages.ts'
import type { Reader } from '../wire/reader.ts'
import { Reader as MessageReader } from '../wire/reader.ts'
import { Writer } from '../wire/writer.ts'
import { ourVersion } from '../version.ts'
import type { ChannelWork, SshHouse } from './house.ts'
import { Forwarding } from './forwarding.ts'
import { legacyFitting, legacyFor } from './legacy.ts'
import { Login } from './login.ts'
import { announceKeys, proveKeys } from './rotation.ts'

/** What a visit is made of. */
export interface VisitParts {
  readonly house: SshHouse
  readonly conn: Conn
  readonly visitor: Visitor
  readonly hostKeys: ReadonlyMap<string, Signer>
  /** The address that was listened on. */
  readonly host: string
}

/** One connection of a client, from its first byte to its last. */
export class Visit implements Layer, ChannelHost {
  readonly #house: SshHouse
  readonly #conn: Conn
  readonly #visitor: Visitor
  readonly #transport: Transport
  readonly #channels: Channels
  readonly #login: Login
  readonly #since: number
  readonly #host: string
  readonly #serving = new Set<ChannelLink>()
  #session: Session | undefined
  #forwarding: Forwarding | undefined
  #noMoreSessions = false

  constructor({ house, conn, visitor, hostKeys, host }: VisitParts) {
    this.#host = host
    this.#house = house
    this.#conn = conn
    this.#visitor = visitor
    this.#since = house.clock.ticks()
    const { settings, clock } = house
    const legacy = legacyFor(settings.legacy, conn.remote.address)
    const keys = withOldSignatures(hostKeys, legacy)
    const taken = [...signatureAlgorithms, ...legacy.filter((name) => name === 'ssh-rsa')]
    this.#transport = new Transport({
      conn,
      clock,
      version: ourVersion,
      side: { role: 'server', hostKeys: keys },
      hostKeyAlgorithms: [...keys.keys()],
      algorithms: withLegacy(legacy),
      rekey: settings.rekey,
      extensions: { 'server-sig-algs': taken.join(',') },
      layer: this,
    })
    this.#channels = new Channels(this.#transport, conn, this)
    this.#login = new Login({
      house,
      transport: this.#transport,
      visitor,
      address: conn.remote.address,
      entered: (session) => this.#enter(session),
    })
  }

  /** How many channels at once. */
  get most(): number {
    const { channels } = this.#house.settings
    return this.#forwarding === undefined ? channels : mostForwarded + channels
  }

  /** Resolves when the connection is over. Never rejects. */
  async run(): Promise<void> {
    const reason = await this.#transport.run()
    this.#channels.fail(reason)
    await this.#forwarding?.close()
    this.#tellOfEnd(reason)
    if (isBug(reason))
      this.#house.events.emit({ kind: 'bug', ...this.#who, text: reason.stack ?? reason.message })
    this.#visitor.leave()
  }

  /** Ends it at once. */
  end(reason: string): void {
    this.#house.finish(this.#transport.disconnect(disconnectReason.byApplication, reason))
  }

  /** To be called once a second. */
  tick(): void {
    const { clock, settings } = this.#house
    const now = clock.ticks()
    if (this.#session === undefined && now - this.#since > settings.loginMs)
      this.end(`No login within ${Math.round(settings.loginMs / 1000)} s.`)
    else if (this.silentMs > settings.idleMs)
      this.end(`Nothing was heard for ${Math.round(settings.idleMs / 1000)} s.`)
    this.#transport.tick()
  }

  /** For how long nothing was heard of the client. */
  get silentMs(): number {
    return this.#house.clock.ticks() - this.#transport.activity
  }

  secured(): void {
    this.#transport.state = 'service'
    const { kex, hostKey, cipherToClient, macToClient } = this.#transport.agreed
    const strict = this.#transport.strict ? ', strict' : ''
    const agreed = `${kex.name}${strict}, ${hostKey}, ${cipherToClient.name}, MAC ${macToClient.name}`
    this.#said('client', this.#transport.theirVersion)
    this.#said('server', `agreed: ${agreed}`)
  }

  take(number: number, payload: Uint8Array): void | Promise<void> {
    if (this.#transport.state === 'running') {
      if (number >= message.globalRequest) return this.#channels.take(number, payload)
      if (number === message.authRequest) return undefined // RFC 4252 §5.1: silently
    }
    if (number === message.serviceRequest) return this.#takeService(new MessageReader(payload, 1).text())
    if (this.#transport.state === 'login' && number >= message.authRequest)
      return this.#login.take(number, payload)
    throw new ProtocolError(`message ${number} is not allowed now`)
  }

  room(): void {
    this.#channels.pump()
  }

  open({ kind, more }: OpenWish): ReturnType<ChannelHost['open']> {
    if (kind === 'session' && !this.#noMoreSessions) return { opened: (link) => this.#widen(link) }
    if (kind === 'direct-tcpip' && this.#forwarding !== undefined) return this.#forwarding.direct(more)
    const known = kind === 'session' || kind === 'direct-tcpip'
    this.#said('server', `refused: a channel of the kind ${kind}`)
    return known
      ? { reason: openFailure.administrativelyProhibited, text: 'not allowed here' }
      : { reason: openFailure.unknownType, text: 'there is no such kind of channel here' }
  }

  request(link: ChannelLink, name: string, more: Reader, wantsReply: boolean): boolean {
    const work = this.#workFor(name, more)
    if (this.#serving.has(link) || this.#session === undefined) return false
    if (work === undefined) {
      if (!wantsReply && programs.has(name)) this.#tellUnasked(link)
      return false
    }
    this.#serving.add(link)
    this.#house.finish(this.#serve(link, work, this.#session))
    return true
  }

  global(name: string, more: Reader): Promise<Uint8Array | undefined> | undefined {
    if (name === 'no-more-sessions@openssh.com') this.#noMoreSessions = true
    if (name === 'tcpip-forward') return this.#forwarding?.listen(more)
    if (name === 'cancel-tcpip-forward') return this.#forwarding?.cancel(more)
    if (name !== 'hostkeys-prove-00@openssh.com') return undefined
    return proveKeys(more, this.#house.hostKeys, this.#transport)
  }

  closed(link: ChannelLink): void {
    this.#serving.delete(link)
  }

  /** On a long way the usual window holds uploads back. */
  #widen(link: ChannelLink): void {
    link.widen(Math.min(mostWindow, this.#transport.roundTripMs * windowRate))
  }

  #takeService(name: string): void | Promise<void> {
    if (name === 'ssh-userauth') {
      this.#transport.state = 'login'
      this.#transport.send(new Writer(32).byte(message.serviceAccept).string(name).done())
      return undefined
    }
    return this.#transport.disconnect(disconnectReason.serviceNotAvailable, 'log in first: ssh-userauth')
  }

  #enter(session: Session): void {
    this.#session = session
    this.#transport.state = 'running'
    const { publish } = session.account
    if (publish !== undefined) this.#forwarding = this.#forwards(publish)
    this.#channels.tell('hostkeys-00@openssh.com', announceKeys(this.#house.hostKeys))
  }

  #forwards(allowed: readonly Ports[]): Forwarding {
    return new Forwarding({
      network: this.#house.network,
      host: this.#host,
      channels: this.#channels,
      allowed,
      finish: (work) => this.#house.finish(work),
      said: (line) => this.#said('server', line),
    })
  }

  /** Subsystems and commands: all others, a shell first of all, are refused. */
  #workFor(name: string, more: Reader): ChannelWork | undefined {
    const { services } = this.#house
    if (name === 'env') return undefined
    const wanted = name === 'subsystem' || name === 'exec' ? more.text() : ''
    const work =
      name === 'subsystem' && wanted === 'sftp'
        ? services.sftp
        : name === 'exec'
          ? services.exec?.(wanted)
          : undefined
    this.#said('client', `${name} ${wanted}${work === undefined ? ' (refused)' : ''}`)
    return work
  }

  /** JSch, and commons-vfs on it, want no answer to `exec` and wait for its end: a refusal is one, as of a program that fails. */
  #tellUnasked(link: ChannelLink): void {
    tellStatus(link, 1)
    link.destroy()
  }

  async #serve(link: ChannelLink, work: ChannelWork, session: Session): Promise<void> {
    try {
      const status = await work(link, session, this.#transport.theirVersion)
      tellStatus(link, status)
      await link.end()
    } catch (thrown) {
      // The channel, or the whole connection, is gone; or the client has ended inside a file, and may wait for how that went.
      this.#said('server', `a channel ended: ${asError(thrown).message}`)
      tellStatus(link, 1)
    }
    link.destroy()
  }

  #tellOfEnd(reason: Error): void {
    const account = this.#session === undefined ? {} : { account: this.#session.account.name }
    if (reason instanceof NothingInCommon) this.#tellWhatWouldHelp(reason)
    this.#house.events.emit({ kind: 'closed', ...this.#who, reason: reason.message, ...account })
  }

  /** Who runs the server can let an old client in, and has to hear of it; the client itself knows no more than its own lists. */
  #tellWhatWouldHelp({ message: why, offers }: NothingInCommon): void {
    const { address } = this.#conn.remote
    const names = legacyFitting(offers).join(',')
    const help = names === '' ? '' : `; --ssh-legacy ${address}=${names} would let it in`
    this.#house.events.emit({ kind: 'warning', ...this.#who, text: `${why}${help}` })
  }

  get #who(): { session: string; protocol: 'sftp'; peer: Peer } {
    return { session: this.#visitor.id, protocol: 'sftp', peer: this.#conn.remote }
  }

  #said(from: 'client' | 'server', line: string): void {
    if (this.#house.settings.transcript) this.#house.events.emit({ kind: 'said', ...this.#who, from, line })
  }
}

/** The requests that run something in a channel (RFC 4254 §6.5). */
const programs: ReadonlySet<string> = new Set(['shell', 'exec', 'subsystem'])

/** How a program has ended (RFC 4254 §6.10). */
function tellStatus(link: ChannelLink, status: number): void {
  link.tell('exit-status', new Writer(4).uint32(status).done())
}

/** An RSA key signs by SHA-1 too where an old device needs that. */
function withOldSignatures(
  hostKeys: ReadonlyMap<string, Signer>,
  legacy: readonly string[],
): ReadonlyMap<string, Signer> {
  const rsa = hostKeys.get('rsa-sha2-256')
  return rsa === undefined || !legacy.includes('ssh-rsa')
    ? hostKeys
    : new Map([...hostKeys, ['ssh-rsa', rsa]])
}

/** What a client may send before we read, and the rate that a long way is filled for, in bytes a millisecond: 160 MB/s at 50 ms. */
const mostWindow = 8 * 1024 * 1024
const windowRate = 160_000

/** Beside those that it opens: who comes to a port that is published has one. */
const mostForwarded = 4096

/** Neither the client's doing nor the network's. */
function isBug(reason: Error): boolean {
  return !(reason instanceof ProtocolError || reason instanceof NetworkError)
}

/** What signatures of users are taken, told to clients (RFC 8308 §3.1). */
const signatureAlgorithms = [
  'ssh-ed25519',
  'sk-ssh-ed25519@openssh.com',
  'ecdsa-sha2-nistp256',
  'ecdsa-sha2-nistp384',
  'ecdsa-sha2-nistp521',
  'sk-ecdsa-sha2-nistp256@openssh.com',
  'rsa-sha2-512',
  'rsa-sha2-256',
]
