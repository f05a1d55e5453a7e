import { networkInterfaces } from 'node:os'

/** The addresses of the machine's interfaces, with a zone where IPv6 needs one. */
export function localAddresses(): readonly string[] {
  return Object.entries(networkInterfaces()).flatMap(([name, addresses]) =>
    (addresses ?? []).map((entry) =>
      entry.family === 'IPv6' && entry.scopeid !== 0 ? `${entry.address}%${name}` : entry.address,
    ),
  )
}
