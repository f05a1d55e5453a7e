const units: Readonly<Record<string, number>> = { '': 1000, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 }

/** `10`, `1.5s`, `10m`, `2h`, `1d`: how long, in milliseconds. */
export function readDelay(text: string): number | undefined {
  const [, digits, unit = ''] = /^(\d{1,6}(?:\.\d{1,3})?)([smhd]?)$/u.exec(text) ?? []
  return digits === undefined ? undefined : Number(digits) * (units[unit] ?? 1000)
}

/** `23:30` or `23:30:15`: how long it is until then, today or tomorrow, in milliseconds. */
export function readTimeOfDay(text: string, now: Date): number | undefined {
  const [, hours, minutes, seconds = '0'] = /^(\d{1,2}):(\d\d)(?::(\d\d))?$/u.exec(text) ?? []
  if (hours === undefined || Number(hours) > 23 || Number(minutes) > 59 || Number(seconds) > 59)
    return undefined
  const then = new Date(now)
  then.setHours(Number(hours), Number(minutes), Number(seconds), 0)
  if (then <= now) then.setDate(then.getDate() + 1)
  return then.getTime() - now.getTime()
}
