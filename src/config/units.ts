import { word, type Shape } from './shape.ts'

/** A number of bytes: `1500`, `10 MB`, `2GiB`. */
export function bytes(about: string): Shape<number> {
  return word(about, 'a number of bytes like 500 MB or 2 GiB', parseBytes, sizePattern)
}

/** A number of bytes a second: `500 kB/s`, `10 MB`. */
export function rate(about: string): Shape<number> {
  return word(about, 'a rate like 500 kB/s', (said) => positive(parseBytes(said.replace(/\s*\/\s*s$/u, ''))))
}

/** A time in milliseconds: `10s`, `5 min`, `2h`, `7 days`; a number alone means seconds. `most` in minutes. */
export function duration(about: string, { least = 0, most = Infinity } = {}): Shape<number> {
  const but = `${least > 0 ? ', and not nothing' : ''}${most < Infinity ? `, ${most} min at most` : ''}`
  return word(about, `a time like 30s, 5min, 2h or 7d${but}`, (said) => {
    const time = parseDuration(said)
    return time === undefined || time < least || time > most * 60_000 ? undefined : time
  })
}

/** A moment as milliseconds since 1970: `2027-03-31`, `2027-03-31T18:00Z`. A day alone is meant with all its hours, UTC. */
export function moment(about: string): Shape<number> {
  return word(about, 'a day like 2027-03-31 or a time like 2027-03-31T18:00Z', (said) => {
    if (/^\d{4}-\d\d-\d\d$/u.test(said)) return finite(Date.parse(`${said}T23:59:59.999Z`))
    return /^\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d(?:\.\d{1,3})?)?(?:Z|[+-]\d\d:\d\d)$/u.test(said)
      ? finite(Date.parse(said))
      : undefined
  })
}

/** Reads `10 MB`; undefined where it is none. */
function parseBytes(said: string): number | undefined {
  const [, digits = '', unit = ''] = /^(\d+(?:\.\d+)?)\s*([kmgtp]?i?b?)$/iu.exec(said.trim()) ?? []
  if (digits === '') return undefined
  const power = ['', 'k', 'm', 'g', 't', 'p'].indexOf(unit.toLowerCase().replace(/i?b?$/u, ''))
  const bytesOf = Math.round(Number(digits) * (/i/iu.test(unit) ? 1024 : 1000) ** power)
  return Number.isSafeInteger(bytesOf) ? bytesOf : undefined
}

const sizePattern = { type: ['string', 'integer'], examples: ['500 MB', '2 GiB'] }

const lengths: Readonly<Record<string, number>> = { ms: 1, s: 1000, min: 60_000, h: 3_600_000, d: 86_400_000 }

function parseDuration(said: string): number | undefined {
  const [, digits = '', unit = 's'] = /^(\d{1,9})\s*(ms|s|min|m|h|d|days?)?$/u.exec(said.trim()) ?? []
  if (digits === '') return undefined
  const length = lengths[unit === 'm' ? 'min' : unit.startsWith('day') ? 'd' : unit] ?? 1000
  return Number(digits) * length
}

function positive(value: number | undefined): number | undefined {
  return value === undefined || value <= 0 ? undefined : value
}

function finite(value: number): number | undefined {
  return Number.isFinite(value) ? value : undefined
}
