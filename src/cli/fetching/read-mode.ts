import { UsageError } from '../usage-error.ts'

/** What becomes of a mode: always the same, or what it was with some bits changed. */
export type ModeChange = number | ((mode: number, isDirectory: boolean) => number)

/** What a mode is without where nobody says whose bits are meant, as chmod takes it from the umask: `+w` is not for everybody. */
const usualMask = 0o022

const clause = /^([ugoa]*)([+=-])([rwxXst]*)$/u

/** Reads a mode as chmod takes it: `644`, `u+x`, `go-w`, `a+rX,u=rw`. */
export function readMode(text: string): ModeChange {
  if (/^[0-7]{3,4}$/u.test(text)) return Number.parseInt(text, 8)
  const steps = text.split(',').map((part) => clause.exec(part))
  if (!steps.every((step) => step !== null))
    throw new UsageError(`a mode is octal digits like 644, or letters like u+x, and not "${text}".`)
  return (mode, isDirectory) =>
    steps.reduce((now, [, who = '', sign = '', what = '']) => {
      const bits = bitsOf(what, isDirectory || (now & 0o111) !== 0) & maskOf(who)
      if (sign === '+') return now | bits
      if (sign === '-') return now & ~bits
      return (now & ~(maskOf(who) & (isDirectory ? 0o1777 : 0o7777))) | bits
    }, mode)
}

const bits: Readonly<Record<string, number>> = {
  r: 0o444,
  w: 0o222,
  x: 0o111,
  X: 0o111,
  s: 0o6000,
  t: 0o1000,
}

function bitsOf(what: string, mayRun: boolean): number {
  return what
    .split('')
    .reduce((all, letter) => all | (letter === 'X' && !mayRun ? 0 : (bits[letter] ?? 0)), 0)
}

const masks: Readonly<Record<string, number>> = { u: 0o4700, g: 0o2070, o: 0o1007, a: 0o7777 }

function maskOf(who: string): number {
  if (who === '') return 0o7777 & ~usualMask
  return who.split('').reduce((all, letter) => all | (masks[letter] ?? 0), 0)
}
