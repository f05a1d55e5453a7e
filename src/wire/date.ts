/** A time in milliseconds, between the years 1 and 9999; 1970 for a date that is none. */
export function tellable(time: Date | number): number {
  const ms = Number(time)
  if (ms >= earliest && ms <= latest) return ms
  return Number.isNaN(ms) ? 0 : ms < 0 ? earliest : latest
}

/** A number under 100 with its leading zero. */
export function twoDigits(number: number): string {
  return twoDigitTexts[number] ?? String(number)
}

const twoDigitTexts = Array.from({ length: 100 }, (_, number) => String(number).padStart(2, '0'))

const earliest = -62_135_596_800_000 // 0001-01-01
const latest = 253_402_300_799_999 // 9999-12-31 23:59:59.999
