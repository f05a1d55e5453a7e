import { portsIn } from '../../server/workers/slices.ts'
import type { ServeWords } from './serve-options.ts'

/** What the machine has for workers. */
export interface WorkerMachine {
  readonly cores: number
  readonly sharesPorts: boolean
  /** Whoever started us has opened the ports. */
  readonly inherits: boolean
  /** Ports below need root, or the right to them. */
  readonly firstOpenPort: number
}

/** How many workers serve, and why they are fewer than was asked for, or why none can follow one that ends. */
export function countWorkers(
  wish: ServeWords,
  { cores, sharesPorts, inherits, firstOpenPort }: WorkerMachine,
): { readonly count: number; readonly why?: string } {
  const { workers, publish, passive, tftp, tftpPort, ftpPort, ftpsPort } = wish
  const wanted = workers === 'auto' ? Math.min(cores, mostByThemselves) : workers
  if (wanted === 1) return { count: 1 }
  if (!sharesPorts)
    return { count: 1, why: 'this system cannot share a port among workers (SO_REUSEPORT), so one serves' }
  if (publish !== undefined)
    return {
      count: 1,
      why: 'one SSH connection carries all that is published, which only one worker can have, so one serves',
    }
  if (inherits)
    return { count: 1, why: 'systemd has opened the ports, which only one worker can have, so one serves' }
  const hasFtp = ftpPort !== 'off' || ftpsPort !== 'off'
  const ranges = [
    { option: '--passive', range: hasFtp ? passive : 'any' },
    { option: '--tftp-ports', range: tftpPort === 'off' ? 'any' : tftp.ports },
  ] as const
  let count = wanted
  let why: string | undefined
  for (const { option, range } of ranges) {
    if (typeof range === 'string' || portsIn(range) >= count) continue
    count = portsIn(range)
    why = `${option} has ports for ${count} of ${wanted} workers, as each needs its own: ${count === 1 ? 'one serves' : `${count} serve`}`
  }
  if (count > 1) why ??= whyNoneFollows(wish, firstOpenPort)
  return why === undefined ? { count } : { count, why }
}

/** Who follows opens the ports anew, and the rights of root are given up for good. */
function whyNoneFollows(
  { runAs, ftpPort, ftpsPort, sftpPort, tftpPort }: ServeWords,
  firstOpenPort: number,
): string | undefined {
  const port = [ftpPort, ftpsPort, sftpPort, tftpPort].find(
    (one) => typeof one === 'number' && one > 0 && one < firstOpenPort,
  )
  if (runAs === undefined || port === undefined) return undefined
  return `${runAs} may not open port ${port}, so no worker can follow one that ends. Start the server as ${runAs}, with the right to that port (CAP_NET_BIND_SERVICE)`
}

/** With `auto` no more than these, on whatever machine: each takes memory. */
const mostByThemselves = 64
