import type { Protocol } from '../core/account.ts'
import { NetworkError } from '../core/error.ts'
import { ListenError } from './listen-error.ts'

/** Opens a door, or says which one could not be opened. */
export async function opening<Result>(
  protocol: Protocol,
  port: number,
  open: () => Promise<Result>,
): Promise<Result> {
  try {
    return await open()
  } catch (thrown) {
    throw thrown instanceof NetworkError ? new ListenError(protocol, port, thrown) : thrown
  }
}

/** Listens where it was said; else on all addresses of both families, or of the one that the machine has. */
export async function onAllAddresses<Result>(
  host: string | undefined,
  listen: (host: string) => Promise<Result>,
): Promise<Result> {
  if (host !== undefined) return listen(host)
  try {
    return await listen('::')
  } catch (thrown) {
    if (thrown instanceof NetworkError && thrown.fault === 'no-such-address') return listen('0.0.0.0')
    throw thrown
  }
}
