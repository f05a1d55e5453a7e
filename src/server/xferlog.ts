import { closeSync, fstatSync, openSync, renameSync, writeSync } from 'node:fs'
import type { Clock } from '../core/clock.ts'
import type { Events, ServerEvent } from '../core/event.ts'
import { asFileError } from '../stores/disk/faults.ts'

/** Writes transfers and removals as wu-ftpd did (xferlog(5)): what log analysers of forty years read. */
export class Xferlog implements Events {
  readonly #path: string
  readonly #clock: Clock
  readonly #mostBytes: number
  readonly #failed: (text: string) => void
  #fd: number
  #size: number

  constructor(path: string, clock: Clock, mostBytes: number | undefined, failed: (text: string) => void) {
    this.#path = path
    this.#clock = clock
    this.#mostBytes = mostBytes ?? Number.POSITIVE_INFINITY
    this.#failed = failed
    this.#fd = opened(path)
    this.#size = fstatSync(this.#fd).size
  }

  emit(event: ServerEvent): void {
    const line = lineOf(event, this.#clock.now())
    if (line === undefined) return
    try {
      this.#size += writeSync(this.#fd, line)
      if (this.#size < this.#mostBytes) return
      renameSync(this.#path, `${this.#path}.1`)
      this.reopen()
    } catch (thrown) {
      this.#failed(`the xferlog cannot be written: ${asFileError(thrown).message}`)
    }
  }

  /** Begins the file anew, after somebody has moved it away. */
  reopen(): void {
    const fresh = openSync(this.#path, 'a', 0o640)
    closeSync(this.#fd)
    this.#fd = fresh
    this.#size = fstatSync(fresh).size
  }

  close(): void {
    closeSync(this.#fd)
  }
}

function opened(path: string): number {
  try {
    return openSync(path, 'a', 0o640)
  } catch (thrown) {
    const why = asFileError(thrown).message
    throw new Error(`the xferlog ${path} cannot be opened: ${why} (log.xferlog)`, { cause: thrown })
  }
}

/** current-time transfer-time remote-host file-size filename type special direction access username service auth id status */
function lineOf(event: ServerEvent, now: number): string | undefined {
  const isTransfer = event.kind === 'download' || event.kind === 'upload'
  const isRemoval = event.kind === 'file' && event.deed === 'remove'
  if (!isTransfer && !isRemoval) return undefined
  const [bytes, ms, complete] = isTransfer
    ? [event.bytes, event.ms, event.outcome === 'complete']
    : [0, 0, true]
  const direction = event.kind === 'download' ? 'o' : event.kind === 'upload' ? 'i' : 'd'
  const guest = event.account === 'anonymous' ? 'a' : 'r'
  return [
    dateOf(now),
    Math.round(ms / 1000),
    event.peer.address,
    bytes,
    word(event.path),
    'b _',
    direction,
    guest,
    word(event.account),
    `${event.protocol} 0 *`,
    complete ? 'c\n' : 'i\n',
  ].join(' ')
}

/** A name is one word here: what would end it, or the line, becomes `_`, as wu-ftpd does. */
function word(text: string): string {
  // eslint-disable-next-line no-control-regex
  return text.replaceAll(/[\u0000-\u0020\u007f-\u00a0]/gu, '_').toWellFormed()
}

const days = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat']
const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']

/** As ctime(3) has it, on the server's clock. */
function dateOf(now: number): string {
  const date = new Date(now)
  const time = [date.getHours(), date.getMinutes(), date.getSeconds()].map(two).join(':')
  const day = String(date.getDate()).padStart(2, ' ')
  return `${days[date.getDay()]} ${months[date.getMonth()]} ${day} ${time} ${date.getFullYear()}`
}

function two(value: number): string {
  return String(value).padStart(2, '0')
}
