import { X509Certificate } from 'node:crypto'
import { hostname, networkInterfaces } from 'node:os'
import type { Clock } from '../core/clock.ts'
import { dayMs } from '../core/day.ts'
import { dataFolder } from './data-folder.ts'
import { selfSigned } from './self-signed.ts'

/** How it is called in the data folder. */
export const keptCertificateName = 'ftps-certificate.pem'

const yearMs = 365 * dayMs

/**
 * The path of a self-signed certificate and its key, made at the first start and kept: who has accepted it once is not asked
 * again. One that has expired is made anew.
 */
export async function keptCertificate(folder: string, clock: Clock): Promise<string> {
  const data = await dataFolder(folder)
  const make = async (): Promise<Uint8Array> => fresh(clock)
  const kept = await data.keep(keptCertificateName, make)
  const { validFrom, validTo } = new X509Certificate(kept)
  const now = clock.now()
  // One that does not hold yet was made while the clock was wrong.
  if (Date.parse(validTo) - now < dayMs || Date.parse(validFrom) > now)
    await data.replace(keptCertificateName, fresh(clock))
  return data.file(keptCertificateName)
}

function fresh(clock: Clock): Uint8Array {
  const now = clock.now()
  // A day back: the clocks of clients may be slow.
  const { chain, key } = selfSigned({
    names: namesOfThisMachine(),
    from: new Date(now - dayMs),
    until: new Date(now + 10 * yearMs),
  })
  return Buffer.from(chain + key)
}

function namesOfThisMachine(): string[] {
  const host = hostname().replaceAll(/[^\w.-]/gu, '')
  const addresses = Object.values(networkInterfaces()).flatMap((all) => all ?? [])
  const own = addresses.filter(({ scopeid }) => (scopeid ?? 0) === 0).map(({ address }) => address)
  return [...new Set([host === '' ? 'ferry' : host, 'localhost', ...own])]
}
