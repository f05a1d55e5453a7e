import type { NamedSocket } from './inherited-sockets.ts'
import type { ServeWords } from './serve-options.ts'
import { UsageError } from '../usage-error.ts'

/** Words for `ferry serve`: a socket that is named like a protocol is where that protocol is served. */
export function socketWords(sockets: readonly NamedSocket[]): readonly string[] {
  const named = sockets.filter(({ name }) => ['ftp', 'ftps', 'sftp', 'tftp'].includes(name))
  return named.map(({ name, local }) => `--${name}=${local.port}`)
}

/**
 * What was asked for, at the sockets that systemd has opened. Each is for whoever has its port: one that nobody serves
 * would take connections and never answer, so it is refused.
 */
export function atSockets(wish: ServeWords, sockets: readonly NamedSocket[]): ServeWords {
  const unused = sockets.find(({ kind, local }) =>
    kind === 'stream'
      ? ![wish.ftpPort, wish.ftpsPort, wish.sftpPort].includes(local.port)
      : local.port !== wish.tftpPort,
  )
  if (unused !== undefined) throw new UsageError(unusedText(unused))
  const datagrams = sockets.filter(({ kind }) => kind === 'datagrams')
  if (datagrams.length > 1)
    throw new UsageError(
      'systemd has opened several sockets for TFTP, which takes one. Leave all but one ListenDatagram= out.',
    )
  return { ...wish, tftpHost: datagrams[0]?.local.address ?? wish.tftpHost }
}

function unusedText({ kind, local: { port } }: NamedSocket): string {
  const [name, keys] = kind === 'stream' ? ['sftp', 'ftp, ftps or sftp'] : ['tftp', 'tftp']
  return `systemd has opened port ${port}, and nothing is to be served there. Write FileDescriptorName=${name} into its socket unit, or that port as ${keys} into ferry.yaml.`
}
