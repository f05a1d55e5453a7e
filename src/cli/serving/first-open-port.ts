import { readFileSync } from 'node:fs'

/** The first port that everybody may open: 1024, but on a Linux that was told otherwise. */
export function firstOpenPort(): number {
  try {
    return Number(readFileSync('/proc/sys/net/ipv4/ip_unprivileged_port_start', 'utf8'))
  } catch {
    return 1024 // A system that does not know this setting.
  }
}
