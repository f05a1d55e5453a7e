import type { ListenError } from '../../server/listen-error.ts'
import type { ServeWords } from './serve-options.ts'

const usualPorts = { ftp: 2121, ftps: 2990, sftp: 2222, tftp: 6969 } as const

/** Why a port could not be opened, and what to do. */
export function listenTrouble(error: ListenError, wish: ServeWords): string {
  const { port, protocol } = error
  if (error.through !== undefined)
    return `${error.message}. Another port there: --publish-${protocol} ${port + 1}`
  switch (error.fault) {
    case 'in-use':
      return `port ${port} is taken by another program. Stop that one, or choose another port: --${protocol} ${port + 1}`
    case 'not-permitted':
      return `port ${port} needs more rights than you have. Take one above 1023, like --${protocol} ${usualPorts[protocol]}, or start as root.`
    case 'no-such-address':
    case 'not-found':
      return `this machine has no address ${wish.host ?? ''}. Leave out --host to listen on all.`
    case 'refused':
    case 'timeout':
    case 'unreachable':
    case 'reset':
    case 'closed':
    case 'aborted':
    case 'failed':
      return `port ${port} cannot be opened: ${error.message}.`
  }
}
