/** Hours of the week, on the server's own clock: minutes since Monday 00:00, from and before. */
export interface Hours {
  readonly from: number
  readonly to: number
}

const days = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun']
const dayMinutes = 24 * 60
const weekMinutes = 7 * dayMinutes

/** Reads `Mon-Fri 08:00-18:00`, `Sat 22:00-02:00` (into Sunday) or `08:00-18:00` (each day); undefined where it is none. */
export function parseHours(text: string): readonly Hours[] | undefined {
  const match =
    /^(?:(mon|tue|wed|thu|fri|sat|sun)(?:-(mon|tue|wed|thu|fri|sat|sun))?\s+)?(\d\d):(\d\d)-(\d\d):(\d\d)$/u.exec(
      text.trim().toLowerCase(),
    )
  if (match === null) return undefined
  const [, firstDay, lastDay = firstDay] = match
  const [h1 = 0, m1 = 0, h2 = 0, m2 = 0] = match.slice(3, 7).map(Number)
  if (h1 > 23 || m1 > 59 || m2 > 59 || h2 * 60 + m2 > dayMinutes) return undefined
  const start = h1 * 60 + m1
  const length = (h2 * 60 + m2 - start + dayMinutes) % dayMinutes || dayMinutes
  const first = firstDay === undefined ? 0 : days.indexOf(firstDay)
  const count = firstDay === undefined ? 7 : ((days.indexOf(lastDay ?? firstDay) - first + 7) % 7) + 1
  return Array.from({ length: count }, (_, index) => {
    const from = ((first + index) % 7) * dayMinutes + start
    return { from, to: from + length }
  })
}

/** Whether a moment lies in any of these hours. */
export function isWithinHours(now: number, hours: readonly Hours[]): boolean {
  const date = new Date(now)
  const minute = ((date.getDay() + 6) % 7) * dayMinutes + date.getHours() * 60 + date.getMinutes()
  // Hours that begin on Sunday go on into Monday.
  return hours.some(
    ({ from, to }) =>
      (minute >= from && minute < to) || (minute + weekMinutes >= from && minute + weekMinutes < to),
  )
}
