import { familyOf } from '../../core/address.ts'
import { encodeText } from '../../core/text.ts'
import { Dialogue, outcomeOf } from '../dialogue.ts'
import type { OldVersion } from '../secured.ts'
import { greet } from './enter.ts'
import type { Examination } from './examination.ts'
import { knock } from './reach.ts'
import { asksCertificate, flightOf } from './server-flight.ts'

const versions = [
  { version: 'TLS 1.0', minor: 1 },
  { version: 'TLS 1.1', minor: 2 },
  { version: 'TLS 1.2', minor: 3 },
] as const

/** Offers each version below 1.3 by itself, and looks whether a ServerHello of that version comes. */
export async function tryOldVersions(
  examination: Examination,
  address: string,
  implicit: boolean,
): Promise<readonly OldVersion[]> {
  const found: OldVersion[] = []
  for (const { version, minor } of versions) {
    const step = await offer(examination, address, implicit, minor)
    if (step === undefined) return found
    found.push({ ...step, version })
  }
  return found
}

async function offer(
  examination: Examination,
  address: string,
  implicit: boolean,
  minor: number,
): Promise<Omit<OldVersion, 'version'> | undefined> {
  const { conn } = await knock(examination, address, examination.port)
  if (conn === undefined) return undefined
  const { clock, patienceMs } = examination
  const dialogue = new Dialogue(conn, clock, examination.said)
  const started = clock.ticks()
  try {
    if (!implicit) {
      if ((await greet(examination, dialogue)).outcome !== 'works') return undefined
      const heard = await dialogue.say('AUTH TLS', patienceMs)
      if (heard.reply?.code !== 234) return undefined
    }
    await conn.write(clientHello(minor, examination.host))
    const flight = await flightOf(conn, clock, patienceMs)
    const ms = Math.round(clock.ticks() - started)
    if (flight === undefined) return { outcome: 'silence', ms }
    if (!isServerHello(flight, minor)) return { outcome: 'rejected', ms }
    return { outcome: 'works', ms, ...(asksCertificate(flight) ? { asksCertificate: true } : {}) }
  } catch (thrown) {
    return { outcome: outcomeOf(thrown), ms: Math.round(clock.ticks() - started) }
  } finally {
    dialogue.leave()
  }
}

/** Record, handshake, then the version that the server chose (RFC 5246 §7.4.1.3). */
function isServerHello(bytes: Uint8Array, minor: number): boolean {
  const [record, , , , , message, , , , major, chosen] = bytes
  return record === 22 && message === 2 && major === 3 && chosen === minor
}

/** ECDHE, DHE and RSA with AES and 3DES: what servers of twenty years have. */
const ciphers = [
  0xc02f, 0xc030, 0xc02b, 0xc02c, 0xc013, 0xc014, 0xc009, 0xc00a, 0x9e, 0x9f, 0x9c, 0x9d, 0x33, 0x39, 0x2f,
  0x35, 0x0a,
]

/** A ClientHello of this version and no newer one (RFC 5246 §7.4.1.2). */
export function clientHello(minor: number, host: string): Uint8Array {
  const extensions = [
    ...(familyOf(host) === undefined ? extension(0, nameOf(host)) : []),
    ...extension(10, sized([0, 29, 0, 23, 0, 24])),
    ...extension(11, [1, 0]),
    ...extension(13, sized([4, 3, 8, 4, 4, 1, 5, 3, 5, 1, 6, 1, 2, 3, 2, 1])),
  ]
  const random = Array.from({ length: 32 }, (_none, at) => (at * 73 + 41) % 256)
  const body = [
    3,
    minor,
    ...random,
    0,
    ...sized(ciphers.flatMap((cipher) => [cipher >> 8, cipher & 255])),
    1,
    0,
    ...sized(extensions),
  ]
  const message = [1, 0, ...sized(body)]
  return Uint8Array.from([22, 3, 1, ...sized(message)])
}

function nameOf(host: string): readonly number[] {
  return sized([0, ...sized([...encodeText(host)])])
}

function extension(type: number, content: readonly number[]): readonly number[] {
  return [0, type, ...sized(content)]
}

function sized(bytes: readonly number[]): readonly number[] {
  return [bytes.length >> 8, bytes.length & 255, ...bytes]
}
