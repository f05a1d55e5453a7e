import { systemClock, type Clock, type Timer } from '../../core/clock.ts'
import { cleanText } from '../clean-text.ts'
import { formatBytes } from '../format-bytes.ts'
import type { Output } from '../output.ts'
import { padToWidth, textWidth } from '../text-width.ts'

/** Where the bar is drawn. */
interface Screen {
  readonly columns: number
  write(text: string): unknown
}

/** How long something must take before a bar appears, and how often it moves. */
const patienceMs = 1000
const everyMs = 200

/**
 * How far everything is, on one line of the terminal: what comes right now, how much of it, how fast, how long yet, and the
 * files. Appears when it takes longer than a second.
 */
export class ProgressBar {
  readonly #screen: Screen
  readonly #clock: Clock
  readonly #started: number
  #timer: Timer | undefined
  #name = ''
  #bytes = 0
  #skipped = 0
  #total = 0
  #filesDone = 0
  #files = 0
  #drawn = false
  /** The last seconds, for a rate that follows what happens. */
  readonly #marks: { at: number; bytes: number }[] = []

  constructor(screen: Screen, clock: Clock) {
    this.#screen = screen
    this.#clock = clock
    this.#started = clock.ticks()
    this.#timer = clock.after(patienceMs, () => this.#tick())
  }

  /** More is to come. */
  expect(files: number, bytes: number): void {
    this.#files += files
    this.#total += bytes
  }

  start(name: string): void {
    this.#name = name
  }

  /** Bytes moved; those that were there already are no speed. */
  moved(bytes: number, wereThere = false): void {
    this.#bytes += bytes
    if (wereThere) this.#skipped += bytes
  }

  fileDone(): void {
    this.#filesDone += 1
  }

  clear(): void {
    if (this.#drawn) this.#screen.write('\r\u001b[K')
    this.#drawn = false
  }

  end(): void {
    this.#timer?.cancel()
    this.#timer = undefined
    this.clear()
  }

  #tick(): void {
    const at = this.#clock.ticks()
    this.#marks.push({ at, bytes: this.#bytes - this.#skipped })
    if (this.#marks.length > 25) this.#marks.shift()
    this.#screen.write(`\r${this.#line()}\u001b[K`)
    this.#drawn = true
    this.#timer = this.#clock.after(everyMs, () => this.#tick())
  }

  #line(): string {
    const rate = this.#rate()
    const left = this.#total - this.#bytes
    const share = this.#total > 0 ? Math.min(100, Math.floor((100 * this.#bytes) / this.#total)) : undefined
    const parts = [
      share === undefined ? formatBytes(this.#bytes) : `${String(share).padStart(3)}%`,
      `${formatBytes(rate)}/s`,
      ...(share !== undefined && rate > 0 ? [`ETA ${durationText(left / rate)}`] : []),
      ...(this.#files > 1 ? [`${this.#filesDone}/${this.#files} files`] : []),
    ]
    const numbers = parts.join('  ')
    const room = this.#screen.columns - numbers.length - 3
    return room < 8 ? numbers.slice(0, this.#screen.columns - 1) : `${fit(this.#name, room)}  ${numbers}`
  }

  #rate(): number {
    const [first] = this.#marks
    const last = this.#marks.at(-1)
    const from = first === last || first === undefined ? { at: this.#started, bytes: 0 } : first
    const ms = (last?.at ?? 0) - from.at
    return ms <= 0 ? 0 : (((last?.bytes ?? 0) - from.bytes) * 1000) / ms
  }
}

/** A bar where one is wanted: on a terminal, for people. */
export function progressBar(out: Output): ProgressBar | undefined {
  if (!process.stderr.isTTY || out.quiet || out.json) return undefined
  const { stderr } = process
  const screen: Screen = {
    get columns() {
      return stderr.columns ?? 80
    },
    write: (text) => stderr.write(text),
  }
  const bar = new ProgressBar(screen, systemClock)
  out.beforeLine = () => bar.clear()
  return bar
}

/** Seconds as people read them: `0:05`, `12:30`, `3:01:00`. */
export function durationText(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds))
  if (whole > 359_999) return 'days'
  const two = String(whole % 60).padStart(2, '0')
  const minutes = Math.floor(whole / 60)
  if (minutes < 60) return `${minutes}:${two}`
  return `${Math.floor(minutes / 60)}:${String(minutes % 60).padStart(2, '0')}:${two}`
}

function fit(name: string, room: number): string {
  const shown = cleanText(name)
  if (textWidth(shown) <= room) return padToWidth(shown, Math.min(room, 40))
  const letters = Array.from(shown)
  let width = textWidth(shown)
  while (width >= room) width -= textWidth(letters.shift() ?? '')
  return padToWidth(`…${letters.join('')}`, room)
}
