import type { Config } from '../config/config.ts'
import type { Rate } from '../core/account.ts'
import type { Clock } from '../core/clock.ts'
import type { Network } from '../core/network.ts'
import { behindProxy } from '../net/behind-proxy.ts'
import { banDefaults, type BanSettings } from '../policy/bans.ts'
import { doorDefaults, type DoorLimits } from '../policy/door-limits.ts'
import type { GateSettings } from '../policy/gate.ts'
import { connectionsWithin, mostOpenFiles } from './open-files.ts'

/** Sessions that are kept with their dialogue if nothing else is said. */
const usualRecordings = 50

/** How many sessions are kept with their dialogue. */
export function recordingsOf({ recorder }: Config, hasData: boolean): number {
  return recorder ?? (hasData ? usualRecordings : 0)
}

/** What bans. */
export function bansOf({ bans = {}, networks = {} }: Config): BanSettings {
  const { halfLife, time, never = banDefaults.never, ...points } = bans
  return {
    ...banDefaults,
    ...points,
    ...(halfLife === undefined ? {} : { halfLifeMs: halfLife }),
    ...(time === undefined ? {} : { banMs: time }),
    // Whoever comes through a proxy must not be able to have it banned.
    never: [...never, ...(networks.proxies ?? [])],
  }
}

/** Who may knock. */
export function gateOf({ networks = {}, limits = {} }: Config): GateSettings {
  const { allow, deny } = networks
  const { connectionsPerMinute, loginsPerMinute } = limits
  return {
    ...(allow === undefined ? {} : { allow }),
    ...(deny === undefined ? {} : { deny }),
    ...(connectionsPerMinute === undefined ? {} : { connectionsPerMinute }),
    ...(loginsPerMinute === undefined ? {} : { loginsPerMinute }),
  }
}

/** How many may come in: no more than there are open files for. */
export function limitsOf({ limits = {} }: Config, openFiles = mostOpenFiles()): Partial<DoorLimits> {
  const { connections, connectionsPerAddress, triesPerConnection, failedLoginDelay } = limits
  return {
    connections: Math.min(connections ?? doorDefaults.connections, connectionsWithin(openFiles)),
    ...(connectionsPerAddress === undefined ? {} : { connectionsPerAddress }),
    ...(triesPerConnection === undefined ? {} : { triesPerConnection }),
    ...(failedLoginDelay === undefined ? {} : { failedLoginDelayMs: failedLoginDelay }),
  }
}

/** How fast all together may be, in bytes a second. */
export function rateOf({ limits = {} }: Config): Rate {
  const { download, upload } = limits
  return { ...(download === undefined ? {} : { download }), ...(upload === undefined ? {} : { upload }) }
}

/** The network, behind the proxies that are trusted by the configuration of now. */
export function networkOf(config: () => Config, inner: Network, clock: Clock): Network {
  return behindProxy(inner, () => config().networks?.proxies ?? none, clock)
}

const none: readonly string[] = []
