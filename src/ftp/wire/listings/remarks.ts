import { remark, type ReadLine } from './listed.ts'

/** What servers write about a listing: sums, headings, disks. */
const forms: readonly RegExp[] = [
  /^(?:total|gesamt|insgesamt|totaal|totalt|totale|razem|celkem|celkom|összesen|итого|всего|всього|загалом|усього|разом|общо|укупно|yhteensä|toplam|합계|총|合計|合计|总计|總計|总用量|総計|ukupno|skupaj|jumlah|guztira|iomlán|viso|kopā|tổng|σύνολο|kokku|รวม)\s+-?\d[\d.,]{0,20}\s?[kmgt]?i?b?$/iu,
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
  /^\d[\d.,]{0,20}\s+(?:file\(s\)|dir\(s\)|files?,|bytes\s+(?:free|available))/iu,
  /^\d[\d.,]{0,20}\s+(?:files?|dirs?|director(?:y|ies))\s+\d[\d.,]{0,24}\s+(?:bytes|octets?)/iu,
  /^total\s+number\s+of\s+\w{1,20}(?:\s+listed)?\s?[:=]\s+\d/iu,
  /^report\s+for:\s/iu,
  // VMS: a disk, and what it says of an empty directory.
  /^[A-Z\d_-]{0,40}\$[A-Z\d$_-]{0,40}:$/u,
  /^<?%[A-Z]{1,12}-[A-Z]-(?:FNF|NOFILES),/u,
  /^(?:owner\s+last\s+modified|filename\s+filetype|code\s+-+logical|size\s+typ|name\s+size\s+date)\s/iu,
  /^[-=\s]{8,}$/u,
  /^path=\s\/\S{0,200}$/iu,
  /^\d{1,6}\s+spool\s+files?$/iu,
]

/** A line that is about the listing and is no file. */
export const remarks: ReadLine = ({ line }) => {
  if (line.length > 240) return undefined
  const text = line.trim()
  return forms.some((form) => form.test(text)) ? remark : undefined
}
