import { duration } from '../config/units.ts'
import type { Problem } from '../config/shape.ts'
import { canonicalNetwork, isInNetwork, isNetwork } from '../core/cidr.ts'
import { systemClock } from '../core/clock.ts'
import { DatabaseError } from '../database/database.ts'
import { sqliteBans } from '../database/bans.ts'
import type { Form } from './commands.ts'
import { askServer, keepingOptions, keepingWords, mustOpenKept, openKept } from './keeping-words.ts'
import type { OptionRows } from './options.ts'
import { UsageError } from './usage-error.ts'

/** How it is typed. */
export const banForms: readonly Form[] = [
  { usage: 'list', does: 'tells who is banned, until when and why' },
  { usage: 'add NETWORK', does: 'bans an address, or a network like 192.0.2.0/24' },
  { usage: 'remove NETWORK', does: 'lets it in again' },
]

export const banOptions = {
  for: {
    type: 'string',
    value: 'TIME',
    does: 'add: for so long, like 30min, 2h or 7d; for good if not said',
  },
  reason: { type: 'string', value: 'TEXT', does: 'add: why, for whoever reads the list' },
  ...keepingOptions,
} as const satisfies OptionRows

/** `ferry ban list`, `ban add NETWORK [--for TIME] [--reason TEXT]`, `ban remove NETWORK` */
export async function banCommand(words: readonly string[]): Promise<number> {
  const { said, rest, folder } = await keepingWords('ban', words, banOptions)
  const [verb = '', word = '', extra] = rest
  if (extra !== undefined) throw new UsageError(`"${extra}" is a word too many: one network at a time.`)
  if (!['list', 'add', 'remove'].includes(verb))
    throw new UsageError('say ferry ban list, ban add NETWORK, or ban remove NETWORK.')
  const data = await (verb === 'add' ? openKept(folder) : mustOpenKept(folder))
  const bans = sqliteBans(data.database)
  try {
    if (verb === 'list') return list(bans.bans(), said.json)
    if (!isNetwork(word))
      throw new UsageError(`say which network, or which address: ferry ban ${verb} 192.0.2.0/24.`)
    const network = canonicalNetwork(word)
    if (verb === 'add') {
      const { reason = 'by hand' } = said
      const forMs = timeOf(said.for)
      const ends = forMs === undefined ? undefined : systemClock.now() + forMs
      bans.putBan({ network, ends, reason })
    } else letIn(bans, network)
  } catch (thrown) {
    throw thrown instanceof DatabaseError ? new UsageError(thrown.message) : thrown
  } finally {
    data.close()
  }
  // A running server keeps bans in memory.
  await askServer(folder, { ask: 'bans' })
  return 0
}

/** Takes a ban away, and what led to it: else the next slip would bring it back. */
function letIn(bans: ReturnType<typeof sqliteBans>, network: string): void {
  if (bans.removeBan(network)) return bans.removeScore(network)
  const now = systemClock.now()
  const [address = ''] = network.split('/')
  const around = bans
    .bans()
    .find(({ network: other, ends = Infinity }) => ends > now && isInNetwork(address, other))
  throw new UsageError(
    around === undefined
      ? `${network} is not banned.`
      : `${network} is banned with its network: ferry ban remove ${around.network}`,
  )
}

function list(
  bans: readonly { network: string; ends: number | undefined; reason: string }[],
  json: boolean,
): number {
  const now = systemClock.now()
  for (const { network, ends, reason } of bans) {
    if (ends !== undefined && ends <= now) continue
    const until = ends === undefined ? undefined : new Date(ends).toISOString()
    const line = json
      ? JSON.stringify({ network, until, reason })
      : `${network}  ${until ?? 'for good'}  ${reason}`
    process.stdout.write(`${line}\n`)
  }
  return 0
}

function timeOf(said: string | undefined): number | undefined {
  if (said === undefined) return undefined
  const problems: Problem[] = []
  const time = duration('').read(said, [], problems)
  if (time === undefined) throw new UsageError(`--for takes a time like 30min, 2h or 7d, and not "${said}".`)
  return time
}
