import { remark, type ReadLine } from './listed.ts'
import type { Words } from './words.ts'

/** What servers write about a listing: sums, headings, disks. */
const forms: readonly RegExp[] = [
  /^(?:total|gesamt|insgesamt|totaal|totalt|totale|razem|celkem|celkom|összesen|итого|всего|всього|усяго|загалом|усього|разом|общо|укупно|yhteensä|toplam|합계|총|合計|合计|总计|總計|总用量|総計|共|ukupno|sveukupno|skupno|skupaj|jumlah|guztira|iomlán|viso|kopā|tổng|σύνολο|kokku|รวม)\s?:?\s+-?\d[\d.,]{0,20}\s?[kmgt]?i?b?$/iu,
  // The same word in an encoding that is not known.
  /^[\p{L}\udc80-\udcff]*[\udc80-\udcff][\p{L}\udc80-\udcff]*\s+\d{1,15}$/u,
  /^total(?:\s+of)?\s+\d{1,12}\s+(?:files?|director(?:y|ies)|blocks?|entries|dataset)/iu,
  /^(?:directory|volume|volume serial number)\s(?:of|in drive|is|[\w$]{1,40}:\[)/iu,
  /^directory\s+\S{1,200}$/iu,
  // VMS: `SYS:[ANON_LOGS]`, `DISK$USER1:[A.B]`, and the sum of several directories.
  /^(?:[\w$-]{1,80}:)?\[[^\]\s]{1,200}\]$/u,
  /^grand\s+total\s/iu,
  // Windows in its languages: ` Volume in Laufwerk C: …`, ` Verzeichnis von C:\x`, `2 Verzeichnis(se), 10.000 Bytes frei`.
  /^(?:le\s+)?volumen?(?:\s|seriennummer)/iu,
  /^\p{L}{5,20}\s\p{L}{2,4}\s[a-z]:[\\/]/iu,
  /^\d[\d.,\s]{0,20}\s\p{L}{3,20}\(\p{L}{1,3}\)/u,
  /^[-*\s]{0,40}(?:total\s+)?\d[\d.,]{0,20}\s+(?:file\(s\)|dir\(s\)|files?[,.]|bytes\s+(?:-\s+)?(?:\w{1,12}\s+){0,2}(?:free|available|total|size|space)\b)/iu,
  /^\d[\d.,]{0,20}\s+(?:files?|dirs?|director(?:y|ies))\s+\d[\d.,]{0,24}\s+(?:bytes|octets?)/iu,
  // KA9Q: `43 files. 11,642,880 bytes free. Disk size 32,602,112 bytes.`
  /^(?:\d{1,6}|no|one)\s+files?\.?(?:\s+\d[\d,]{0,20}\s+bytes\b.{0,80})?$/iu,
  /^total\s+number\s+of\s+\w{1,20}(?:\s+listed)?\s?[:=]\s+\d/iu,
  /^report\s+for:\s/iu,
  // VMS: a disk, and what it says of an empty directory.
  /^[A-Z\d_-]{0,40}\$[A-Z\d$_-]{0,40}:$/u,
  /^<?%[A-Z]{1,12}-[A-Z]-(?:FNF|NOFILES),/u,
  // Nothing but lines, also one below each column.
  /^[-=+|\s]{8,}$/u,
  /^(?:path=\s\/\S{0,200}|account\s?=\s+\S{1,40}\s+group\s?=\s+\S{1,40})$/iu,
  /^\d{1,6}\s+spool\s+files?$/iu,
]

/** What stands above columns. */
const titles = new Set(
  `access account attrbs attributes blocks by bytecount class code created date day days eof file filename filetype fm format group
  groups id last length limit links logical lrecl modification modified modify msgkey mx name no of owner perm permissions protection
  r/b read rec record records recs rlenrf rwep sector sectors sender size space start end time typ type updated user version write x`.split(
    /\s+/u,
  ),
)

/** A line that is about the listing and is no file. */
export const remarks: ReadLine = (words) => {
  const { line } = words
  if (line.length > 240) return undefined
  const text = line.trim()
  return isHeading(words) || forms.some((form) => form.test(text)) ? remark : undefined
}

/** Three words or more, all of which are titles of columns. */
function isHeading(words: Words): boolean {
  if (words.count < 3) return false
  for (let at = 0; at < words.count; at += 1) {
    const title = words
      .at(at)
      .replaceAll(/^[-#(]+|[-):]+$/gu, '')
      .toLowerCase()
    if (title !== '' && !titles.has(title)) return false
  }
  return true
}
