/** A time of day: milliseconds since midnight, and what was written of it. */
export interface ClockTime {
  readonly ms: number
  readonly precision: 'millisecond' | 'second' | 'minute'
  /** Minutes east of UTC, where the text says so. */
  readonly zone: number | undefined
}

const form =
  /^(\d{1,2})[:.hH](\d{2}|(?<=:)\d$)(?:(?:\.|(?<!\.\d{2}):)(\d{2})(?:[.,](\d{1,9}))?)?([ap]\.?m?\.?)?(Z|UTC|GMT|[+-]\d{2}:?\d{2})?,?$/iu

/** Reads `9:05`, `21:05:06.123`, `09:05PM`, `12:05a`, `09:05:06Z`, `09.05`, `9:05:06+0200`, `00:0`; undefined for anything else. */
export function clockTime(word: string, half?: string): ClockTime | undefined {
  if (word.length < 4 || word.length > 30) return undefined
  const quick = half === undefined ? minuteAt(word, 0, word.length) : undefined
  if (quick !== undefined) return quick
  const found = form.exec(word)
  if (!found) return undefined
  let hour = Number(found[1])
  const minute = Number(found[2])
  const second = Math.min(Number(found[3] ?? 0), 59)
  const noonSide = (found[5] ?? half)?.charAt(0).toLowerCase()
  if (noonSide !== undefined) {
    if (hour < 1 || hour > 12) return undefined
    hour = (hour % 12) + (noonSide === 'p' ? 12 : 0)
  }
  if (hour > 24 || minute > 59 || Number(found[3] ?? 0) > 60) return undefined
  const thousandths = Number((found[4] ?? '').slice(0, 3).padEnd(3, '0'))
  return {
    ms: ((hour * 60 + minute) * 60 + second) * 1000 + thousandths,
    precision: found[4] !== undefined ? 'millisecond' : found[3] !== undefined ? 'second' : 'minute',
    zone: zoneOf(found[6]),
  }
}

/** How many words say before or after noon, `PM`, `p.m.`, `p. m.` or `μμ`, and which of both: AM or PM. */
export function halfOf(
  word: string,
  next: string,
): { readonly words: number; readonly half: string } | undefined {
  if (word.length > 4) return undefined
  if (/^[ap]\.?m\.?$/iu.test(word)) return { words: 1, half: word }
  if (/^[ap]\.$/iu.test(word) && /^m\.$/iu.test(next)) return { words: 2, half: word }
  return /^[πμ]\.?μ\.?$/iu.test(word) ? { words: 1, half: word.startsWith('π') ? 'am' : 'pm' } : undefined
}

/** Minutes east of UTC of `+0200`, `-03:30`, `Z`. */
export function zoneOf(word: string | undefined): number | undefined {
  if (word === undefined) return undefined
  if (/^(?:Z|UTC|GMT)$/iu.test(word)) return 0
  const found = /^([+-])(\d{2}):?(\d{2})$/u.exec(word)
  if (!found) return undefined
  const minutes = Number(found[2]) * 60 + Number(found[3])
  return minutes > 14 * 60 ? undefined : found[1] === '-' ? -minutes : minutes
}

/** `HH:MM` and `HH:MMPM`, which nearly all lines have, of the characters from one place to another. */
export function minuteAt(line: string, at: number, end: number): ClockTime | undefined {
  const length = end - at
  if ((length !== 5 && length !== 7) || line.charCodeAt(at + 2) !== 58) return undefined
  let hour = twoDigits(line, at)
  const minute = twoDigits(line, at + 3)
  if (hour < 0 || hour > 24 || minute < 0 || minute > 59) return undefined
  if (length === 7) {
    const half = line.charCodeAt(at + 5) | 32
    if ((half !== 97 && half !== 112) || (line.charCodeAt(at + 6) | 32) !== 109 || hour < 1 || hour > 12)
      return undefined
    hour = (hour % 12) + (half === 112 ? 12 : 0)
  }
  return (minutes[hour * 60 + minute] ??= {
    ms: (hour * 60 + minute) * 60_000,
    precision: 'minute',
    zone: undefined,
  })
}

/** The times of day, made once: a listing has each of them many times. */
const minutes: ClockTime[] = []

/** The number that two digits are; -1 where they are none. */
export function twoDigits(word: string, at: number): number {
  const tens = word.charCodeAt(at) - 48
  const ones = word.charCodeAt(at + 1) - 48
  return tens >= 0 && tens <= 9 && ones >= 0 && ones <= 9 ? tens * 10 + ones : -1
}
