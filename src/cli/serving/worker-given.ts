import type { TlsIdentity } from '../../core/tls.ts'
import type { PortRange } from '../../ftp/server/settings.ts'
import type { Ports } from '../../server/workers/choose-ports.ts'
import { sliceOf } from '../../server/workers/slices.ts'
import type { Placed } from '../../server/workers/team.ts'
import type { LoadedConfig } from './serve-config.ts'
import type { NamedUser, ServeWords } from './serve-options.ts'

/** What a worker of `ferry serve` is given, as it can be copied into its thread. */
export interface WorkerGiven {
  /** What bin/worker.js loads, and where what was compiled of it is kept, if it is. */
  readonly module: string
  readonly compiled: string | undefined
  readonly placed: Placed
  readonly loaded: LoadedConfig
  /** Those of the command line. */
  readonly words: readonly string[]
  readonly places: WorkerPlaces
  /** The user that was made up. */
  readonly generated: NamedUser | undefined
  /** Host keys of SFTP by their names. */
  readonly hostKeys: ReadonlyMap<string, Uint8Array>
  readonly identity: TlsIdentity | undefined
}

/** Where a worker listens, and which of the ports that can be divided are its own. */
export interface WorkerPlaces extends Pick<ServeWords, 'passive' | 'tftp'> {
  readonly ports: Ports
}

/** Of each range of ports a worker has a part to itself: who comes to a port must find the one that named it. */
export function portsOf(
  { passive, tftp }: Pick<ServeWords, 'passive' | 'tftp'>,
  count: number,
  place: number,
): Pick<WorkerPlaces, 'passive' | 'tftp'> {
  const part = (range: PortRange): PortRange => sliceOf(range, count, place)
  return {
    passive: typeof passive === 'string' ? passive : part(passive),
    tftp: { ...tftp, ports: typeof tftp.ports === 'string' ? tftp.ports : part(tftp.ports) },
  }
}
