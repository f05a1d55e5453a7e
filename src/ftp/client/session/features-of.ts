import type { Feature } from '../../../core/store.ts'

/** What a server's FEAT says of what a Store can do. */
export function featuresOf(lines: readonly string[]): ReadonlySet<Feature> {
  const features = new Set<Feature>()
  const site = lines.find((line) => /^SITE\b/iu.test(line)) ?? ''
  if (setsTimes(lines)) features.add('times')
  if (lines.some((line) => /^MFCT\b/iu.test(line))) features.add('creation-times')
  if (/\bCHMOD\b/iu.test(site)) features.add('modes')
  if (/\bSYMLINK\b/iu.test(site)) features.add('links')
  return features
}

/**
 * Most who say MDTM only tell times by it: IIS, the ftpds of BSD and GNU, Twisted. Some who set them too say what they take
 * behind it (`MDTM YYYYMMDDHHMMSS[+-TZ];filename`), and vsftpd is known by the two lines that nobody else says together.
 */
function setsTimes(lines: readonly string[]): boolean {
  const says = (feature: RegExp): boolean => lines.some((line) => feature.test(line.trim()))
  if (says(/^MFMT\b/iu) || says(/^MDTM\s+\S/iu)) return true
  return says(/^MDTM$/iu) && says(/^PASV$/iu) && says(/^TVFS$/iu)
}
