import type { Network } from '../core/network.ts'
import { parsePath } from '../core/path.ts'
import type { Ask, RemoteFile, RemoteStore } from '../core/remote.ts'
import { connectTftp, type TftpOptions } from '../tftp/client/connect.ts'
import type { TftpWorld } from './tftp-world.ts'

/** Nobody is there to be asked. */
export const nobody: Ask = { secret: async () => undefined, trust: async () => 'no' }

/** The network as seen from one machine of it. */
export function seenFrom(address: string, network: Network): Network {
  return {
    listen: (options, accept) => network.listen(options, accept),
    connect: (options) => network.connect(options),
    secure: (conn, how) => network.secure(conn, how),
    addresses: () => [address],
    lookup: (host) => network.lookup(host),
    datagrams: ({ port }, receive) => network.datagrams({ host: address, port }, receive),
  }
}

/** Our client, on a machine of its own in that world. */
export function connectTo(world: TftpWorld, more: Partial<TftpOptions> = {}): Promise<RemoteStore> {
  const network = seenFrom('192.0.2.50', world.network)
  return connectTftp({ network, clock: world.clock, host: '192.0.2.1', ask: nobody, ...more })
}

/** All of a file. */
export async function readAll(file: RemoteFile): Promise<Buffer> {
  const pieces: Buffer[] = []
  for (let at = 0; ;) {
    const piece = Buffer.alloc(1000)
    const count = await file.read(piece, at)
    if (count === 0) return Buffer.concat(pieces)
    pieces.push(piece.subarray(0, count))
    at += count
  }
}

/** Fetches a file. */
export async function get(remote: RemoteStore, name: string): Promise<Buffer> {
  const file = await remote.open(parsePath(name), { read: true })
  const bytes = await readAll(file)
  await file.close()
  return bytes
}

/** Bytes of which no two neighbours are alike. */
export function pattern(length: number): Buffer {
  return Buffer.from(Uint8Array.from({ length }, (_, index) => (index * 31 + (index >> 8)) & 0xff))
}
