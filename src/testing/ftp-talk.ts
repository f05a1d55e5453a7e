import type { Conn, Network } from '../core/network.ts'
import type { SecureClient, SecureConn } from '../core/tls.ts'
import { encodeText } from '../core/text.ts'
import { parseEpsvReply } from '../ftp/wire/address.ts'
import { decodeReply, type Reply } from '../ftp/wire/reply.ts'

/** How clients of tests speak TLS. */
export const usualTls: SecureClient = {
  side: 'client',
  host: 'ferry.example',
  protocols: ['ftp'],
  timeoutMs: 10_000,
}

/** The client's side of a control connection, typed by hand: for tests of servers. */
export class FtpTalk {
  conn: Conn
  /** How data connections are made secure after `secure`; undefined: they are in clear. */
  data: SecureClient | undefined
  readonly #network: Network
  #rest: Uint8Array = new Uint8Array(0)

  constructor(network: Network, conn: Conn) {
    this.#network = network
    this.conn = conn
  }

  /** Sends a line, or raw bytes as they are, and waits for no answer. */
  async send(line: string | Uint8Array): Promise<void> {
    await this.conn.write(typeof line === 'string' ? encodeText(`${line}\r\n`) : line)
  }

  /** The next reply. */
  async reply(): Promise<Reply> {
    for (;;) {
      const decoded = decodeReply(this.#rest)
      if (decoded !== undefined) {
        this.#rest = this.#rest.slice(decoded.used)
        return decoded.value
      }
      const pieces = await this.conn.read()
      if (pieces === undefined) throw new Error('the server closed the control connection')
      this.#rest = Buffer.concat([this.#rest, ...pieces])
    }
  }

  /** Sends a line and waits for its reply, as `200 text`; the lines of a longer one are joined by LF. */
  async say(line: string): Promise<string> {
    await this.send(line)
    return this.heard()
  }

  /** The next reply as text. */
  async heard(): Promise<string> {
    const { code, lines } = await this.reply()
    return `${code} ${lines.join('\n')}`
  }

  /** Whether the server has closed the connection; what it still says before is dropped. */
  async closed(): Promise<boolean> {
    try {
      while ((await this.conn.read()) !== undefined);
    } catch {
      return true // cut off is closed too
    }
    return true
  }

  /** Says AUTH TLS and encrypts both kinds of connections; with `data` false only this one. */
  async secure(how: Partial<SecureClient> = {}, data = true): Promise<SecureConn> {
    const answer = await this.say('AUTH TLS')
    if (!answer.startsWith('234')) throw new Error(answer)
    return this.begin(how, data)
  }

  /** Begins TLS without a word before it. */
  async begin(how: Partial<SecureClient> = {}, data = true): Promise<SecureConn> {
    const client: SecureClient = { ...usualTls, ...how }
    const conn = await this.#network.secure(this.conn, client)
    this.conn = conn
    if (!data) return conn
    // A ticket of TLS 1.3 comes with the first reply.
    await this.say('PBSZ 0')
    await this.say('PROT P')
    this.data = { ...client, protocols: ['ftp-data'] }
    return conn
  }

  /** Encrypts a data connection as it was agreed, with the newest session of the control connection. */
  async encrypted(conn: Conn): Promise<Conn> {
    if (this.data === undefined) return conn
    const { session } = this.conn as SecureConn
    const how = session === undefined || 'session' in this.data ? this.data : { ...this.data, session }
    return this.#network.secure(conn, how)
  }

  /** Agrees on a passive data connection and makes it. */
  async passive(): Promise<Conn> {
    const answer = await this.say('EPSV')
    const port = parseEpsvReply(answer.slice(4))
    if (port === undefined) throw new Error(`no port in ${answer}`)
    return this.#network.connect({
      host: this.conn.remote.address,
      port,
      localAddress: this.conn.local.address,
      timeoutMs: 1000,
    })
  }

  /** Runs a command that sends data, RETR or a listing: the data, all of it or what came before a cut, and the two replies. */
  async fetch(line: string): Promise<{ data: Buffer; opening: string; answer: string }> {
    const data = await this.passive()
    const opening = await this.say(line)
    if (!opening.startsWith('1')) {
      data.destroy()
      return { data: Buffer.alloc(0), opening, answer: opening }
    }
    const bytes = await readSome(await this.encrypted(data))
    return { data: bytes, opening, answer: await this.heard() }
  }

  /** Runs a command that takes data, STOR, APPE or STOU: the final reply. */
  async store(line: string, ...pieces: (string | Uint8Array)[]): Promise<string> {
    const data = await this.passive()
    const opening = await this.say(line)
    if (!opening.startsWith('1')) {
      data.destroy()
      return opening
    }
    const conn = await this.encrypted(data)
    for (const piece of pieces) await conn.write(typeof piece === 'string' ? encodeText(piece) : piece)
    await conn.end()
    const answer = await this.heard()
    conn.destroy()
    return answer
  }
}

/** Everything up to the end of a connection; rejects when it is cut. */
export async function readAll(conn: Conn): Promise<Buffer> {
  const all: Uint8Array[] = []
  await readInto(conn, all)
  return Buffer.concat(all)
}

/** Everything up to the end of a connection, or to where it is cut. */
async function readSome(conn: Conn): Promise<Buffer> {
  const all: Uint8Array[] = []
  try {
    await readInto(conn, all)
  } catch {
    // What the test wants to know of it is in the final reply.
  }
  return Buffer.concat(all)
}

async function readInto(conn: Conn, all: Uint8Array[]): Promise<void> {
  for (let pieces = await conn.read(); pieces !== undefined; pieces = await conn.read()) {
    for (const piece of pieces) all.push(Buffer.from(piece))
  }
  conn.destroy()
}
