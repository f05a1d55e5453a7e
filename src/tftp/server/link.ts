import { randomInt } from 'node:crypto'
import { familyOf, sameAddress } from '../../core/address.ts'
import { NetworkError } from '../../core/error.ts'
import type { DatagramOptions, Datagrams, Peer, ReceiveDatagram } from '../../core/network.ts'
import type { Link } from '../link.ts'
import { errorPacket } from './answer.ts'
import type { TftpHouse } from './house.ts'
import type { TransferPorts } from './settings.ts'

/**
 * Opens the way for one transfer, at the address that was asked: a port of its own, which is its TID (RFC 1350 §4), or
 * the one that is listened on, whose datagrams the reception hands out.
 */
export async function openLink(
  house: TftpHouse,
  asked: Datagrams,
  peer: Peer,
  take: (bytes: Uint8Array) => void,
): Promise<Link> {
  const { ports } = house.settings
  if (ports === 'single') return { send: (bytes) => asked.send(bytes, peer), close: async () => undefined }
  const at = { host: hostFor(peer, asked.local), mostlyWith: peer }
  const own = await openPort(house, at, ports, (bytes, from) => {
    if (from.port === peer.port && sameAddress(from.address, peer.address)) take(bytes)
    else refuseStranger(own, bytes, from)
  })
  return { send: (bytes) => own.send(bytes, peer), close: () => own.close() }
}

/** A socket that somebody else has bound may be for both families at once; those of transfers are for one. */
function hostFor(peer: Peer, asked: Peer): string {
  return asked.address === '::' && familyOf(peer.address) === 4 ? '0.0.0.0' : asked.address
}

/** RFC 1350 §4: a wrong TID is told so, and the transfer goes on. An ERROR is never answered, or two servers would talk. */
function refuseStranger(own: Datagrams, bytes: Uint8Array, from: Peer): void {
  if (bytes.length < 4 || bytes[1] === 5) return
  own.send(errorPacket({ code: 5, text: 'not you' }, bytes.length), from)
}

const mostTries = 200

async function openPort(
  { network }: TftpHouse,
  at: Pick<DatagramOptions, 'host' | 'mostlyWith'>,
  ports: TransferPorts | 'any',
  receive: ReceiveDatagram,
): Promise<Datagrams> {
  if (ports === 'any') return network.datagrams({ ...at, port: 0 }, receive)
  const size = ports.last - ports.first + 1
  const start = randomInt(size)
  for (let tried = 0; tried < Math.min(size, mostTries); tried += 1) {
    try {
      return await network.datagrams({ host: at.host, port: ports.first + ((start + tried) % size) }, receive)
    } catch (thrown) {
      if (!(thrown instanceof NetworkError) || thrown.fault !== 'in-use') throw thrown
    }
  }
  throw new NetworkError('in-use', `all ports from ${ports.first} to ${ports.last} are taken`)
}
