import type { Network } from '../core/network.ts'
import { Doors, type Entrances, type Foundations } from './doors.ts'
import { ListenError } from './listen-error.ts'
import type { FtpListener, Listener } from './listener.ts'
import { keysOf, type SftpListener } from './sftp-listener.ts'

/** The doors of FTP and SFTP on another network too, as `publishThrough` makes one: at the ports they have here, if no others are said. */
export interface PublishedDoors {
  readonly network: Network
  /** Whose ports these are. */
  readonly host: string
  readonly ftp?: number | 'off'
  readonly ftps?: number | 'off'
  readonly sftp?: number | 'off'
}

/** All doors of a server. */
export interface AllDoors {
  readonly listeners: readonly Listener[]
  /** Makes it so. When a door cannot be opened everything stays as it was. */
  change(wish: Entrances): Promise<void>
  drain(graceMs: number): Promise<void>
  close(): Promise<void>
}

/** The doors here, and those there where the server is published. */
export function allDoors(house: Foundations, published: PublishedDoors | undefined): AllDoors {
  const here = new Doors(house)
  return published === undefined ? new Here(here) : new HereAndThere(here, house, published)
}

class Here implements AllDoors {
  readonly #doors: Doors

  constructor(doors: Doors) {
    this.#doors = doors
  }

  get listeners(): readonly Listener[] {
    return listenersOf(this.#doors)
  }

  change(wish: Entrances): Promise<void> {
    return this.#doors.change(wish)
  }

  drain(graceMs: number): Promise<void> {
    return this.#doors.drain(graceMs)
  }

  close(): Promise<void> {
    return this.#doors.close()
  }
}

class HereAndThere implements AllDoors {
  readonly #here: Doors
  readonly #there: Doors
  readonly #published: PublishedDoors
  #former: Entrances | undefined

  constructor(here: Doors, house: Foundations, published: PublishedDoors) {
    this.#here = here
    this.#there = new Doors({ ...house, network: published.network, share: false })
    this.#published = published
  }

  get listeners(): readonly Listener[] {
    const through = this.#published.host
    return [
      ...listenersOf(this.#here),
      ...listenersOf(this.#there).map((listener) => ({ ...listener, through })),
    ]
  }

  async change(wish: Entrances): Promise<void> {
    // Keys are read, or made, once: each door shows the same.
    const sftp =
      wish.sftp === undefined
        ? undefined
        : { ...wish.sftp, hostKeys: (await keysOf(wish.sftp)).keys, hostCertificates: [] }
    const told = { ...wish, sftp }
    await this.#here.change(told)
    try {
      await this.#there.change(entrancesThere(this.#published, told))
    } catch (thrown) {
      if (this.#former !== undefined) await this.#here.change(this.#former)
      if (!(thrown instanceof ListenError)) throw thrown
      throw new ListenError(thrown.protocol, thrown.port, thrown, this.#published.host)
    }
    this.#former = told
  }

  async drain(graceMs: number): Promise<void> {
    await Promise.all([this.#here.drain(graceMs), this.#there.drain(graceMs)])
  }

  async close(): Promise<void> {
    await Promise.all([this.#here.close(), this.#there.close()])
  }
}

function listenersOf(doors: Doors): readonly Listener[] {
  return doors.listeners.map(({ local, ...more }) => ({ ...more, ...local }))
}

/** All that is on here and not off there; TFTP has no way through SSH. */
function entrancesThere(there: PublishedDoors, { ftp = {}, sftp }: Entrances): Entrances {
  return { ftp: ftp === 'off' ? 'off' : ftpThere(there, ftp), sftp: sftpThere(there, sftp) }
}

function ftpThere(
  there: PublishedDoors,
  { host: _here, implicitPort, ...ftp }: FtpListener,
): FtpListener | 'off' {
  const port = there.ftp ?? ftp.port
  const ftps = there.ftps ?? implicitPort ?? 'off'
  if (port === 'off' && ftps === 'off') return 'off'
  return {
    ...ftp,
    ...(port === undefined ? {} : { port }),
    ...(ftps === 'off' ? {} : { implicitPort: ftps }),
  }
}

function sftpThere(there: PublishedDoors, listener: SftpListener | undefined): SftpListener | undefined {
  if (listener === undefined) return undefined
  const { host: _here, ...sftp } = listener
  const port = there.sftp ?? sftp.port
  if (port === 'off') return undefined
  return { ...sftp, ...(port === undefined ? {} : { port }) }
}
