import type { HostWanted } from './hosts.ts'

/** Reads one hop of ProxyJump: `[user@]host[:port]`, or the same as an `ssh://` URL. undefined: it is none. */
export function parseHop(text: string): HostWanted | undefined {
  const plain = text.replace(/^ssh:\/\//u, '').replace(/\/$/u, '')
  const at = plain.lastIndexOf('@')
  const user = at < 0 ? undefined : plain.slice(0, at)
  const found = /^(?:\[([^\]]+)\]|([^:[\]]+))(?::(\d{1,5}))?$/u.exec(plain.slice(at + 1))
  const host = found?.[1] ?? found?.[2]
  const port = found?.[3] === undefined ? undefined : Number(found[3])
  if (host === undefined || user === '' || (port !== undefined && (port < 1 || port > 65_535)))
    return undefined
  return {
    host,
    ...(port === undefined ? {} : { port }),
    ...(user === undefined ? {} : { user }),
  }
}
