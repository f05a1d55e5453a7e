import type { Row, Rows } from '../../core/rows.ts'
import { encodeText } from '../../core/text.ts'
import { formatLine } from '../../wire/ls-line.ts'
import { namesHeadSize } from '../wire/reply.ts'
import { attributesOf } from './attributes-of.ts'
import type { Owners } from './owners.ts'

/** What one answer to READDIR tells: so many names, as they travel. */
export interface ListedNames {
  readonly count: number
  readonly bytes: Uint8Array
}

/** The names of a batch in answers of so many bytes at most. Each is written where it travels: objects for each were two thirds of a listing. */
export function listedNames(rows: Rows, now: number, owners: Owners, most: number): ListedNames[] {
  const writing = new NamesWriter(now, owners, most - namesHeadSize)
  rows((row) => writing.add(row))
  return writing.parts()
}

/** Two lengths before texts, and attributes with all that version 3 has. */
const fixedSize = 4 + 4 + 32

/** Size, owners, mode and times (draft-ietf-secsh-filexfer-02 §5). */
const flags = 1 | 2 | 4 | 8

class NamesWriter {
  readonly #now: number
  readonly #owners: Owners
  readonly #most: number
  readonly #parts: ListedNames[] = []
  #bytes = Buffer.allocUnsafeSlow(16 * 1024)
  #used = 0
  /** Where the answer begins that is being written, and how many names it has. */
  #from = 0
  #count = 0

  constructor(now: number, owners: Owners, most: number) {
    this.#now = now
    this.#owners = owners
    this.#most = most
  }

  add(row: Row): void {
    const before = this.#used
    // Where a link leads is for READLINK to say: clients take all behind the date for the name.
    const line = formatLine(row, this.#now, 'without-target')
    this.#mustHaveRoom(fixedSize + 3 * (row.name.length + line.length))
    this.#text(row.name)
    this.#text(line)
    this.#attributes(row)
    if (this.#used - this.#from > this.#most && this.#count > 0) this.#finish(before)
    this.#count += 1
  }

  parts(): ListedNames[] {
    if (this.#count > 0) this.#finish(this.#used)
    return this.#parts
  }

  /** The answer ends here, and the next begins. */
  #finish(at: number): void {
    this.#parts.push({ count: this.#count, bytes: this.#bytes.subarray(this.#from, at) })
    this.#from = at
    this.#count = 0
  }

  #text(text: string): void {
    const at = this.#used + 4
    let length: number
    if (text.isWellFormed()) length = this.#bytes.write(text, at)
    else {
      const raw = encodeText(text)
      this.#bytes.set(raw, at)
      length = raw.length
    }
    this.#uint32(length)
    this.#used += length
  }

  #attributes(row: Row): void {
    const { size, owner, mode, times } = attributesOf(row, this.#owners)
    this.#uint32(flags)
    this.#uint32(Math.floor(size / 2 ** 32))
    this.#uint32(size % 2 ** 32)
    this.#uint32(owner.user)
    this.#uint32(owner.group)
    this.#uint32(mode)
    this.#uint32(times.accessed)
    this.#uint32(times.modified)
  }

  #uint32(value: number): void {
    const at = this.#used
    this.#bytes[at] = value >>> 24
    this.#bytes[at + 1] = value >>> 16
    this.#bytes[at + 2] = value >>> 8
    this.#bytes[at + 3] = value
    this.#used = at + 4
  }

  #mustHaveRoom(length: number): void {
    if (this.#used + length <= this.#bytes.length) return
    const larger = Buffer.allocUnsafeSlow(Math.max(this.#used + length, this.#bytes.length * 2))
    this.#bytes.copy(larger, 0, 0, this.#used)
    this.#bytes = larger
  }
}
