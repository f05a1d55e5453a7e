import type { Clock } from '../../core/clock.ts'
import type { Conn } from '../../core/network.ts'
import { within } from '../within.ts'

/** What a server answers to a ClientHello of TLS 1.2 and older, until it waits for us; undefined: nothing. */
export async function flightOf(
  conn: Conn,
  clock: Clock,
  patienceMs: number,
): Promise<Uint8Array | undefined> {
  let flight = new Uint8Array(0)
  while (flight.length < longestFlight && !isWhole(flight)) {
    const pieces = await within(
      clock,
      patienceMs,
      conn.read().then((read) => read ?? 'end'),
    )
    if (pieces === undefined && flight.length === 0) return undefined
    if (pieces === undefined || pieces === 'end') return flight
    flight = Buffer.concat([flight, ...pieces])
  }
  return flight
}

const longestFlight = 64 * 1024

/** Up to an alert, or to ServerHelloDone; of what is no TLS the first bytes are enough. */
function isWhole(flight: Uint8Array): boolean {
  if (flight.length === 0) return false
  return flight[0] !== 22 || messagesOf(flight).some((message) => message === 14)
}

/** Whether the server asks for a certificate of ours: CertificateRequest (RFC 5246 §7.4.4). */
export function asksCertificate(flight: Uint8Array): boolean {
  return messagesOf(flight).includes(13)
}

/** The types of the handshake messages of the records that are whole (RFC 5246 §6.2.1, §7.4). */
function messagesOf(flight: Uint8Array): readonly number[] {
  const inside: number[] = []
  for (let at = 0; at + 5 <= flight.length && flight[at] === 22;) {
    const end = at + 5 + (flight[at + 3] ?? 0) * 256 + (flight[at + 4] ?? 0)
    inside.push(...flight.subarray(at + 5, end))
    at = end
  }
  const types: number[] = []
  for (let at = 0; at + 4 <= inside.length;) {
    const [type = 0, high = 0, middle = 0, low = 0] = inside.slice(at, at + 4)
    types.push(type)
    at += 4 + high * 65_536 + middle * 256 + low
  }
  return types
}
