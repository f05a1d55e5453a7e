import { remark, type ReadLine } from './listed.ts'

/**
 * NOS/VE, under the sum of the catalogue: `  letter_1   12,345 bytes`, `  sources   1,234,567 bytes in 12 files` of a catalogue, and
 * `  drafts  -- empty catalog`.
 */
export const nosVe: ReadLine = ({ line }) => {
  const found =
    /^(\s{0,4})([^\s,:]{1,31})\s+(?:>?([\d,]{1,20}) bytes( in \d[\d,]{0,8} (?:file|catalog)s?)?|-- (empty catalog|device))\b/u.exec(
      line.slice(0, 200),
    )
  if (!found || /^total$/iu.test(found[2] ?? '')) return undefined
  const [, margin, name = '', size, files, what] = found
  const isCatalog = files !== undefined || what === 'empty catalog'
  // Without a margin it is the catalogue itself.
  if (margin === '') return isCatalog ? remark : undefined
  return {
    name,
    kind: isCatalog ? 'directory' : what === undefined ? 'file' : 'other',
    size: isCatalog || size === undefined ? undefined : Number(size.replaceAll(',', '')),
    family: 'other',
    confidence: 'guess',
  }
}
