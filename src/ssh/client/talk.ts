import type { Timer } from '../../core/clock.ts'
import { asError, LoginError, NetworkError, ProtocolError, TrustError } from '../../core/error.ts'
import type { Conn } from '../../core/network.ts'
import type { Channel } from '../channel.ts'
import type { ChannelLink } from '../channel-link.ts'
import { Channels, type ChannelHost } from '../channels.ts'
import { withLegacy } from '../offer.ts'
import { Disconnected } from '../disconnected.ts'
import { Transport, type Layer } from '../transport.ts'
import { ourVersion } from '../version.ts'
import { disconnectReason, message } from '../wire/message.ts'
import type { OpenWish } from '../wire/channel-messages.ts'
import type { Reader } from '../wire/reader.ts'
import { Writer } from '../wire/writer.ts'
import type { SshConnection } from './connection.ts'
import { Forwards, type AcceptForwarded, type ForwardedPort } from './forwards.ts'
import { hostKeyOrder } from './host-key-order.ts'
import { Login } from './login.ts'
import { usualSilenceMs, type SshOptions } from './options.ts'
import { learnRotation } from './rotation.ts'

/** No client of ours has so many, but one that has the server listen for it. */
const usualChannels = 64

/** One connection to a server, from its first byte to its last. */
export class Talk implements SshConnection, Layer, ChannelHost {
  readonly most: number
  readonly #options: SshOptions
  readonly #stop = new AbortController()
  #transport: Transport | undefined
  #channels: Channels | undefined
  #forwards: Forwards | undefined
  #login: Login | undefined
  #running = false
  #secured: (() => void) | undefined
  #ended: Error | undefined
  #watching: Timer | undefined
  /** The host key that was trusted on this connection. */
  #trusted: Uint8Array | undefined

  constructor(options: SshOptions) {
    this.#options = options
    this.most = options.channels ?? usualChannels
  }

  get signal(): AbortSignal {
    return this.#stop.signal
  }

  get serverVersion(): string {
    return this.#talk.theirVersion
  }

  get agreed(): readonly string[] {
    const { kex, hostKey, cipherToServer, macToServer } = this.#talk.agreed
    return [
      kex.name,
      hostKey,
      cipherToServer.name,
      macToServer.name,
      ...(this.#talk.strict ? ['strict kex'] : []),
    ]
  }

  /** Resolves when somebody is logged in. */
  async begin(): Promise<void> {
    const { host, port, conn, clock, trust, signal, legacy = [], ciphers } = this.#options
    if (signal?.aborted === true) {
      conn.destroy()
      throw new NetworkError('aborted', 'stopped')
    }
    const stopped = (): void => this.#end(new NetworkError('aborted', 'stopped'))
    signal?.addEventListener('abort', stopped, { once: true })
    try {
      const known = await trust.known(host, port)
      const transport = new Transport({
        conn,
        clock,
        version: ourVersion,
        side: { role: 'client', check: (algorithm, blob) => this.#check(algorithm, blob) },
        hostKeyAlgorithms: [...hostKeyOrder(known), ...legacy.filter((name) => name === 'ssh-rsa')],
        algorithms: { ...withLegacy(legacy), ...(ciphers === undefined ? {} : { ciphers }) },
        layer: this,
      })
      this.#transport = transport
      this.#channels = new Channels(transport, conn, this)
      this.#forwards = new Forwards(this.#channels)
      const secured = new Promise<void>((resolve) => {
        this.#secured = resolve
      })
      void this.#run(transport)
      await this.#heardInTime(Promise.race([secured, this.#over()]), 'greeting')
      this.#login = new Login(transport, this.#options)
      await Promise.race([this.#login.run(), this.#over()])
      this.#watch()
    } catch (thrown) {
      const reason = sentAway(asError(thrown))
      this.#end(reason)
      throw reason
    } finally {
      this.#login?.over()
      signal?.removeEventListener('abort', stopped)
    }
  }

  async openSubsystem(name: string): Promise<Channel> {
    return this.#openSession('subsystem', name)
  }

  async openExec(command: string): Promise<Channel> {
    return this.#openSession('exec', command)
  }

  async openDirect(host: string, port: number): Promise<Conn> {
    const { address, port: from } = this.#options.conn.local
    const more = new Writer(256).string(host).uint32(port).string(address).uint32(from).done()
    const link = await this.#answered(this.#links.start('direct-tcpip', more), `the way to ${host}`)
    link.endsMatter = true
    return link
  }

  async listen(host: string, port: number, accept: AcceptForwarded): Promise<ForwardedPort> {
    if (this.#forwards === undefined) throw new Error('the connection has not begun')
    return this.#forwards.listen(host, port, accept)
  }

  async end(): Promise<void> {
    if (this.#ended !== undefined) return
    await this.#talk.disconnect(disconnectReason.byApplication, 'done')
  }

  secured(): void {
    this.#talk.state = 'service'
    this.#note(`${this.serverVersion}, ${this.agreed.join(', ')}`)
    this.#secured?.()
  }

  take(number: number, payload: Uint8Array): void | Promise<void> {
    if (number >= message.globalRequest && this.#running) return this.#links.take(number, payload)
    if (number >= message.globalRequest || this.#login === undefined)
      throw new ProtocolError(`message ${number} is not allowed now`)
    if (number === message.authSuccess) {
      // At once: what belongs to channels may be right behind it.
      this.#talk.state = 'running'
      this.#running = true
    }
    this.#login.take(number, payload)
    return undefined
  }

  room(): void {
    this.#channels?.pump()
  }

  /** Servers have nothing to open with us but what was asked for. */
  open(wish: OpenWish): ReturnType<ChannelHost['open']> {
    if (this.#forwards === undefined) throw new Error('the connection has not begun')
    return this.#forwards.open(wish)
  }

  request(link: ChannelLink, name: string, more: Reader): boolean {
    if (name === 'exit-status') link.exitStatus = more.uint32()
    // What asks whether we are still there is content with any answer.
    return name === 'exit-status'
  }

  global(name: string, more: Reader): Promise<Uint8Array | undefined> | undefined {
    const { trust } = this.#options
    if (name === 'hostkeys-00@openssh.com' && trust.rotated !== undefined) void this.#learn(more)
    return undefined
  }

  closed(): void {
    // Whoever has the channel sees it anyway.
  }

  get #talk(): Transport {
    if (this.#transport === undefined) throw new Error('the connection has not begun')
    return this.#transport
  }

  get #links(): Channels {
    if (this.#channels === undefined) throw new Error('the connection has not begun')
    return this.#channels
  }

  async #run(transport: Transport): Promise<void> {
    const reason = await transport.run()
    this.#watching?.cancel()
    this.#channels?.fail(reason)
    this.#ended ??= reason
    this.#stop.abort(this.#ended)
  }

  /** Rejects when the connection ends. */
  #over(): Promise<never> {
    return new Promise((_resolve, reject) => {
      const { signal } = this.#stop
      const tell = (): void => reject(asError(signal.reason))
      if (signal.aborted) tell()
      else signal.addEventListener('abort', tell, { once: true })
    })
  }

  #end(reason: Error): void {
    this.#ended ??= reason
    if (this.#transport === undefined) this.#options.conn.destroy()
    else if (!(reason instanceof TrustError) && !(reason instanceof LoginError)) this.#transport.end(reason)
    else void this.#transport.disconnect(disconnectReason.byApplication, 'not with this')
  }

  async #openSession(name: string, what: string): Promise<ChannelLink> {
    const wanted = `the ${name} "${what}"`
    const link = await this.#answered(this.#links.start('session'), wanted)
    if (await this.#answered(link.request(name, new Writer(64).string(what).done()), wanted)) return link
    link.destroy()
    throw new NetworkError('refused', `the server does not offer ${wanted}`, {
      facts: {
        phase: 'command',
        connectionUsable: true,
        ...(link.complaint ? { reply: link.complaint } : {}),
      },
    })
  }

  /** A server may say that it is there and never answer what was asked of it. */
  async #answered<Result>(work: Promise<Result>, wanted: string): Promise<Result> {
    const { clock, signal } = this.#options
    const { promise: never, reject } = Promise.withResolvers<never>()
    const silenceMs = this.#silenceMs
    const late = clock.after(silenceMs, () => {
      const text = `the server has not opened ${wanted} within ${Math.round(silenceMs / 1000)} s`
      reject(new NetworkError('timeout', text, { facts: { phase: 'command', retryable: true } }))
    })
    const stopped = (): void => reject(new NetworkError('aborted', 'stopped'))
    signal?.addEventListener('abort', stopped, { once: true })
    if (signal?.aborted === true) stopped()
    try {
      return await Promise.race([work, never])
    } finally {
      late.cancel()
      signal?.removeEventListener('abort', stopped)
      work.catch(() => undefined)
    }
  }

  /** Asked in each key exchange; what was trusted once on this connection is. */
  async #check(algorithm: string, blob: Uint8Array): Promise<void> {
    const { host, port, trust } = this.#options
    if (this.#trusted !== undefined && Buffer.compare(this.#trusted, blob) === 0) return
    await trust.check({ host, port, algorithm, blob })
    this.#trusted = blob
  }

  async #learn(said: Reader): Promise<void> {
    try {
      await learnRotation(said, this.#links, this.#talk, this.#options)
    } catch (thrown) {
      // A service to whoever keeps the list: the session goes on without it.
      this.#note(`the server's other keys are not learned: ${asError(thrown).message}`)
    }
  }

  /** Asks a server that is silent whether it is still there, and gives up one that stays silent. */
  #watch(): void {
    const { clock } = this.#options
    const silenceMs = this.#silenceMs
    this.#watching = clock.after(silenceMs / 2, () => {
      if (this.#ended !== undefined) return
      const silent = clock.ticks() - this.#talk.activity
      if (silent >= silenceMs * 2) {
        const text = `the server has said nothing for ${Math.round(silent / 1000)} s`
        this.#end(new NetworkError('timeout', text, { facts: { retryable: true, connectionUsable: false } }))
        return
      }
      if (silent >= silenceMs / 2) void this.#links.ask('keepalive@openssh.com', new Uint8Array(0))
      this.#talk.tick()
      this.#watch()
    })
  }

  get #silenceMs(): number {
    return this.#options.silenceMs ?? usualSilenceMs
  }

  async #heardInTime(work: Promise<void>, phase: 'greeting'): Promise<void> {
    const { clock } = this.#options
    const silenceMs = this.#silenceMs
    const late = clock.after(silenceMs, () => {
      const seconds = Math.round(silenceMs / 1000)
      this.#end(
        new NetworkError('timeout', `no SSH connection stood within ${seconds} s`, {
          facts: { phase, retryable: true },
        }),
      )
    })
    try {
      await work
    } finally {
      late.cancel()
    }
  }

  #note(line: string): void {
    this.#options.said?.('note', line)
  }
}

/** A server that has enough of wrong passwords ends the connection instead of saying no. */
function sentAway(reason: Error): Error {
  if (!(reason instanceof Disconnected) || reason.reason !== disconnectReason.noMoreAuthMethods) return reason
  return new LoginError(reason.message, { cause: reason, facts: { ...reason.facts, phase: 'login' } })
}
