import { X509Certificate } from 'node:crypto'
import { hostname, networkInterfaces } from 'node:os'
import type { Clock } from '../core/clock.ts'
import { dataFolder } from './data-folder.ts'
import { selfSigned } from './self-signed.ts'

const name = 'ftps-certificate.pem'
const dayMs = 24 * 3_600_000
const yearMs = 365 * dayMs

/**
 * The path of a self-signed certificate and its key, made at the first start and kept: who has accepted it once is not asked
 * again. One that has expired is made anew.
 */
export async function keptCertificate(folder: string, clock: Clock): Promise<string> {
  const data = await dataFolder(folder)
  const make = async (): Promise<Uint8Array> => fresh(clock)
  const kept = await data.keep(name, make)
  const { validTo } = new X509Certificate(kept)
  if (Date.parse(validTo) - clock.now() < dayMs) await data.replace(name, fresh(clock))
  return data.file(name)
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
