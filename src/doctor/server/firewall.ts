import { isRecord } from '../../core/is-record.ts'

/** What the rules of nftables do with connections that come in. */
export interface Firewall {
  readonly verdict: (transport: 'tcp' | 'udp', port: number) => 'lets in' | 'drops'
  /** Whether a helper for FTP is attached to anything. */
  readonly ftpHelper: boolean
}

/**
 * Reads what `nft -j list ruleset` prints; undefined: it is nothing that is known. Rules that name senders count as letting in,
 * as who comes from where is not asked here.
 */
export function readFirewall(text: string): Firewall | undefined {
  const items = itemsIn(text)
  if (items === undefined) return undefined
  const chains = items.flatMap(({ chain }) => (isRecord(chain) && chain['hook'] === 'input' ? [chain] : []))
  const rules = items.flatMap(({ rule }) => (isRecord(rule) ? [rule] : []))
  return {
    ftpHelper: /"type":\s*"ftp"/u.test(text),
    verdict(transport, port) {
      // Every chain of the hook must let in: one that drops is enough.
      const dropped = chains.some((chain) => drops(chain, rules, transport, port))
      return dropped ? 'drops' : 'lets in'
    },
  }
}

type Item = Readonly<Record<string, unknown>>

function itemsIn(text: string): readonly Item[] | undefined {
  try {
    const parsed: unknown = JSON.parse(text)
    const list = isRecord(parsed) ? parsed['nftables'] : undefined
    return Array.isArray(list) ? list.filter(isRecord) : undefined
  } catch {
    return undefined
  }
}

/** How deep chains are followed: the kernel refuses circles, and nobody nests them as deep. */
const deepest = 16

function drops(chain: Item, rules: readonly Item[], transport: string, port: number): boolean {
  const ended = walk(chain['table'], chain['name'], rules, { transport, port }, 0)
  return (ended ?? chain['policy']) === 'drop'
}

interface Packet {
  readonly transport: string
  readonly port: number
}

function walk(
  table: unknown,
  name: unknown,
  rules: readonly Item[],
  packet: Packet,
  depth: number,
): 'accept' | 'drop' | undefined {
  if (depth > deepest) return undefined
  for (const rule of rules) {
    if (rule['chain'] !== name || rule['table'] !== table || !Array.isArray(rule['expr'])) continue
    const parts = rule['expr'].filter(isRecord)
    const drop = parts.some((part) => 'drop' in part || 'reject' in part)
    // One sender that is dropped is not everybody; one that is let in is the one who was meant.
    if (!parts.every((part) => matches(part, packet, !drop))) continue
    for (const part of parts) {
      if ('accept' in part) return 'accept'
      if ('drop' in part || 'reject' in part) return 'drop'
      const target = targetOf(part)
      const there = target === undefined ? undefined : walk(table, target, rules, packet, depth + 1)
      if (there !== undefined) return there
    }
  }
  return undefined
}

function targetOf(part: Item): unknown {
  const go = part['jump'] ?? part['goto']
  return isRecord(go) ? go['target'] : undefined
}

/** A new connection from far away to this port: what is known of an established one, or of loopback, does not hold for it. */
function matches(part: Item, packet: Packet, anySender: boolean): boolean {
  const match = part['match']
  if (!isRecord(match)) return true
  const { left, right, op } = match
  if (!isRecord(left)) return true
  const payload = left['payload']
  if (isRecord(payload) && payload['field'] === 'dport') {
    const same = payload['protocol'] === packet.transport || payload['protocol'] === 'th'
    return same && holds(right, packet.port) !== (op === '!=')
  }
  if (isRecord(payload)) return anySender && String(payload['protocol']).startsWith('ip')
  const meta = left['meta']
  if (isRecord(meta) && meta['key'] === 'l4proto') return holdsName(right, packet.transport)
  if (isRecord(meta) && meta['key'] === 'iifname') return anySender && !holdsName(right, 'lo')
  const ct = left['ct']
  if (isRecord(ct) && ct['key'] === 'state') return holdsName(right, 'new')
  return false
}

function holds(right: unknown, port: number): boolean {
  if (typeof right === 'number') return right === port
  if (!isRecord(right)) return false
  const { range, set } = right
  if (Array.isArray(range)) return port >= Number(range[0]) && port <= Number(range[1])
  return Array.isArray(set) && set.some((one) => holds(one, port))
}

function holdsName(right: unknown, name: string): boolean {
  if (right === name) return true
  if (Array.isArray(right)) return right.includes(name)
  return isRecord(right) && Array.isArray(right['set']) && right['set'].includes(name)
}
