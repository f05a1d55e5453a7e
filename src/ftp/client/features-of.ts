import type { Feature } from '../../core/store.ts'

/** What a server's FEAT says of what a Store can do. */
export function featuresOf(lines: readonly string[]): ReadonlySet<Feature> {
  const features = new Set<Feature>()
  const site = lines.find((line) => /^SITE\b/iu.test(line)) ?? ''
  if (lines.some((line) => /^(?:MFMT|MDTM)\b/iu.test(line))) features.add('times')
  if (lines.some((line) => /^MFCT\b/iu.test(line))) features.add('creation-times')
  if (/\bCHMOD\b/iu.test(site)) features.add('modes')
  if (/\bSYMLINK\b/iu.test(site)) features.add('links')
  return features
}
