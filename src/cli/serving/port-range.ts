import type { PortRange } from '../../ftp/server/settings.ts'

/** Reads a port, or ports like 50000-50100; undefined: it is neither. */
export function parseRange(value: string): PortRange | undefined {
  const [, first = '', last = first] = /^(\d{1,5})(?:-(\d{1,5}))?$/u.exec(value) ?? []
  const range = { first: Number(first), last: Number(last) }
  const good = first !== '' && range.first > 0 && range.first <= range.last && range.last <= 65_535
  return good ? range : undefined
}
