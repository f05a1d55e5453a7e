import { duration } from '../config/units.ts'
import type { Problem } from '../config/shape.ts'
import { isNetwork } from '../core/cidr.ts'
import { systemClock } from '../core/clock.ts'
import { sqliteBans } from '../database/bans.ts'
import { askServer, keepingWords, openKept, type KeepingWords } from './keeping-words.ts'
import { UsageError } from './usage-error.ts'

/** `ferry ban list`, `ban add NETWORK [--for TIME] [--reason TEXT]`, `ban remove NETWORK` */
export async function banCommand(words: readonly string[]): Promise<number> {
  const said = await keepingWords(words, { for: { type: 'string' }, reason: { type: 'string' } })
  const [verb, network = ''] = said.rest
  const data = await openKept(said.folder)
  const bans = sqliteBans(data.database)
  try {
    if (verb === 'list') return list(bans.bans(), said)
    if (!isNetwork(network))
      throw new UsageError('say which network: ferry ban add 192.0.2.0/24, or an address.')
    if (verb === 'add') {
      const reason = said.values['reason']
      const forMs = timeOf(said.values['for'])
      const ends = forMs === undefined ? undefined : systemClock.now() + forMs
      bans.putBan({ network, ends, reason: typeof reason === 'string' ? reason : 'by hand' })
    } else if (verb !== 'remove')
      throw new UsageError('say ferry ban list, ban add NETWORK, or ban remove NETWORK.')
    else if (!bans.removeBan(network)) throw new UsageError(`${network} is not banned.`)
  } finally {
    data.close()
  }
  // A running server keeps bans in memory.
  await askServer(said.folder, { ask: 'bans' })
  return 0
}

function list(
  bans: readonly { network: string; ends: number | undefined; reason: string }[],
  { values }: KeepingWords,
): number {
  const now = systemClock.now()
  for (const { network, ends, reason } of bans) {
    if (ends !== undefined && ends <= now) continue
    const until = ends === undefined ? undefined : new Date(ends).toISOString()
    const line =
      values['json'] === true
        ? JSON.stringify({ network, until, reason })
        : `${network}  ${until ?? 'for good'}  ${reason}`
    process.stdout.write(`${line}\n`)
  }
  return 0
}

function timeOf(said: string | boolean | undefined): number | undefined {
  if (typeof said !== 'string') return undefined
  const problems: Problem[] = []
  const time = duration('').read(said, [], problems)
  if (time === undefined) throw new UsageError(`--for takes a time like 30min, 2h or 7d, and not "${said}".`)
  return time
}
