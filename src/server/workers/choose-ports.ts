import type { Protocol } from '../../core/account.ts'
import { NetworkError } from '../../core/error.ts'
import type { Network } from '../../core/network.ts'
import { onAllAddresses, opening } from '../listening.ts'

/** The ports that several workers will listen at together. */
export type Ports = Readonly<Record<Protocol, number | 'off'>>

/**
 * Opens each port once for itself and closes it again. So a port that another program has is found, even if that program
 * is a server of ours whose workers would share it with anybody, and a port 0 becomes one that all workers can take.
 */
export async function choosePorts(
  network: Network,
  host: string | undefined,
  { ftp, ftps, sftp, tftp }: Ports,
): Promise<Ports> {
  const tcp = async (protocol: Protocol, port: number | 'off'): Promise<number | 'off'> => {
    if (port === 'off') return port
    const open = await opening(protocol, port, () =>
      onAllAddresses(host, (address) =>
        network.listen({ host: address, port }, (conn) => conn.destroy(new Error('not open yet'))),
      ),
    )
    await open.close()
    return open.local.port
  }
  return {
    ftp: await tcp('ftp', ftp),
    ftps: await tcp('ftps', ftps),
    sftp: await tcp('sftp', sftp),
    tftp: tftp === 'off' ? tftp : await opening('tftp', tftp, () => udpPort(network, host, tftp)),
  }
}

/** TFTP listens at each address of the machine. */
async function udpPort(network: Network, host: string | undefined, port: number): Promise<number> {
  let chosen = port
  for (const address of host === undefined ? network.addresses() : [host]) {
    try {
      const open = await network.datagrams({ host: address, port: chosen }, () => undefined)
      chosen = open.local.port
      await open.close()
    } catch (thrown) {
      // An address that is just going, or not quite there yet.
      const isGoing = thrown instanceof NetworkError && thrown.fault === 'no-such-address'
      if (!isGoing || host !== undefined) throw thrown
    }
  }
  return chosen
}
