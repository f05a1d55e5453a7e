import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Conn } from '../../src/core/network.ts'
import { ftpWorld, type FtpWorld } from '../../src/testing/ftp-world.ts'

/*
 * Whole sessions made of what clients say, in any order, with data connections that come, do not come, come twice, are
 * cut or never read. The server must stay without a bug, keep no port and no connection, and serve the next client. A
 * failure prints its seed; FUZZ_SEED runs that session again, FUZZ_SECONDS goes on for longer.
 */
const seconds = Number(process.env['FUZZ_SECONDS'] ?? 2)
const firstSeed = Number(process.env['FUZZ_SEED'] ?? Math.floor(Math.random() * 0x7fffffff))

const paths = [
  'a',
  'b',
  'd',
  'd/e',
  '/d/f',
  '..',
  '/',
  '',
  'a b',
  '*',
  '-a',
  'a\0b',
  '.ferry-part-x',
  'x'.repeat(300),
  'd/../a',
  '"a"',
]
const numbers = ['0', '1', '5', '-1', '99999999999999999999', 'x', '1 0', '2 5', '20240101000000']
const verbs =
  'QUIT REIN USER PASS ACCT HOST CWD CDUP SMNT PORT PASV TYPE STRU MODE RETR STOR STOU APPE ALLO REST RNFR RNTO ABOR DELE RMD MKD PWD LIST NLST SITE SYST STAT HELP NOOP FEAT OPTS EPRT EPSV LANG SIZE MDTM MLST MLSD MFMT MFCT MFF HASH XCRC XMD5 XSHA1 MD5 RANG AVBL CSID CLNT RMDA DSIZ COMB XCUP XPWD GARBAGE'.split(
    ' ',
  )
const whole = [
  'USER anna',
  'PASS secret',
  'USER anna',
  'PASS secret',
  'EPSV',
  'EPSV',
  'PASV',
  'TYPE A',
  'TYPE I',
  'MODE Z',
  'MODE S',
  'SITE COPY a b',
  'SITE UMASK 077',
  'SITE SYMLINK a l',
  'SITE CPFR a',
  'SITE CPTO c',
  'OPTS MLST type;',
  'EPSV ALL',
  'PORT 192,0,2,50,100,1',
  'EPRT |1|192.0.2.50|25601|',
  'LIST -R',
  'NLST *',
  'COMB a b',
  'STOR a',
  'RETR a',
  'APPE a',
]

/** Small, good enough, and the same everywhere: mulberry32. */
function chance(seed: number): (below: number) => number {
  let state = seed
  return (below) => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below
  }
}

class Wanderer {
  readonly #world: FtpWorld
  readonly #pick: (below: number) => number
  readonly #control: Conn
  readonly #data: Conn[] = []
  #heard = ''
  over = false

  constructor(world: FtpWorld, control: Conn, pick: (below: number) => number) {
    this.#world = world
    this.#control = control
    this.#pick = pick
    void this.#listen()
  }

  /** Most know the password; who does not can do little. */
  async login(): Promise<void> {
    await this.#say('USER anna')
    await this.#say('PASS secret')
  }

  /** One step; whatever the server has closed by then is no failure. */
  async step(): Promise<void> {
    try {
      await this.#choose()
    } catch {
      // A connection that is gone cannot be written to; the next step may do something else.
    }
  }

  async leave(): Promise<void> {
    for (const data of this.#data) data.destroy(this.#pick(2) === 0 ? undefined : new Error('cut'))
    this.#control.destroy(this.#pick(2) === 0 ? undefined : new Error('cut'))
  }

  async #choose(): Promise<void> {
    const kind = this.#pick(20)
    if (kind < 7) return this.#say(whole[this.#pick(whole.length)] ?? '')
    if (kind < 12) return this.#say(this.#sentence())
    if (kind < 15) return this.#connect()
    if (kind === 15) return this.#onData((data) => data.write(Buffer.alloc(this.#pick(100_000), 'x\n')))
    if (kind === 16) return this.#onData((data) => data.end())
    if (kind === 17) return this.#onData(async (data) => data.destroy(new Error('cut')))
    if (kind === 18) return this.#onData(async (data) => void data.read().catch(() => undefined))
    return this.#world.clock.advance(this.#pick(4) === 0 ? 31_000 : this.#pick(500))
  }

  #sentence(): string {
    // The verbs that end the login stand first, and are not chosen as often as the others.
    const verb = verbs[Math.max(this.#pick(verbs.length), this.#pick(verbs.length))] ?? ''
    const words = this.#pick(3) === 0 ? numbers : paths
    const more = this.#pick(4) === 0 ? ` ${paths[this.#pick(paths.length)]}` : ''
    return `${verb} ${words[this.#pick(words.length)]}${more}`
  }

  #say(line: string): Promise<void> {
    return this.#control.write(Buffer.from(`${line}\r\n`))
  }

  async #connect(): Promise<void> {
    const port = /.*\|\|\|(\d+)\|/su.exec(this.#heard)?.[1]
    if (port === undefined) return
    const from = this.#pick(8) === 0 ? '203.0.113.9' : '192.0.2.50'
    const where = { host: '192.0.2.1', port: Number(port), localAddress: from, timeoutMs: 1000 }
    this.#data.push(await this.#world.network.connect(where))
  }

  async #onData(work: (data: Conn) => Promise<void>): Promise<void> {
    const data = this.#data[this.#pick(Math.max(1, this.#data.length))]
    // Not awaited: a write that nobody takes waits for ever.
    if (data !== undefined) work(data).catch(() => undefined)
  }

  async #listen(): Promise<void> {
    try {
      for (
        let pieces = await this.#control.read();
        pieces !== undefined;
        pieces = await this.#control.read()
      ) {
        this.#heard = (this.#heard + Buffer.concat(pieces).toString()).slice(-2000)
      }
    } catch {
      // Cut by either side: over, like an end.
    }
    this.over = true
  }
}

async function wander(seed: number): Promise<void> {
  const pick = chance(seed)
  await using world = await ftpWorld({ chop: pick(4) === 0 ? 'bytes' : 'whole' })
  await world.put('/a', 'some text\nin lines\n'.repeat(1 + pick(5000)))
  const wanderers: Wanderer[] = []
  for (let count = 1 + pick(3); count > 0; count -= 1)
    wanderers.push(new Wanderer(world, await world.dial(), pick))
  for (const wanderer of wanderers) if (pick(8) > 0) await wanderer.login()
  for (let steps = 60; steps > 0; steps -= 1) await wanderers[pick(wanderers.length)]?.step()
  for (const wanderer of wanderers) await wanderer.leave()
  // Past every wait that the server knows: the data connection that never came, the transfer that stalled.
  for (let waits = 0; waits < 4; waits += 1) await world.clock.advance(400_000)
  assert.deepEqual(world.told('bug'), [])
  assert.deepEqual(world.network.open, { ports: 1, accepted: 0 })
  const next = await world.login()
  assert.match(await next.say('PWD'), /^257 "\/"/)
}

test('sessions of any words in any order leave the server as it was', async () => {
  const end = performance.now() + seconds * 1000
  let seed = firstSeed
  for (; performance.now() < end; seed += 1) {
    try {
      await wander(seed)
    } catch (thrown) {
      throw new Error(`FUZZ_SEED=${seed} fails`, { cause: thrown })
    }
    if (process.env['FUZZ_SEED'] !== undefined && seconds === 2) return
  }
})
