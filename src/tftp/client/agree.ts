import type { Terms } from '../options.ts'
import type { Option } from '../packet.ts'

/** What goes when nothing is agreed: an old server, or one that ignores options. */
export const plainTerms: Terms = {
  blockSize: 512,
  window: 1,
  timeoutMs: undefined,
  rollover: 0,
  announced: undefined,
  accepted: [],
}

/** What an OACK makes of what was asked; undefined: it says what was not asked, or more than that (RFC 2347, 2348, 7440). */
export function agree(asked: readonly Option[], answered: readonly Option[]): Terms | undefined {
  const values = new Map<string, number>()
  for (const { name, value } of answered) {
    const key = name.toLowerCase()
    const wanted = asked.find((option) => option.name === key)
    if (wanted === undefined || values.has(key) || !/^\d{1,16}$/u.test(value)) return undefined
    const number = Number(value)
    if (!isAllowed(key, number, Number(wanted.value))) return undefined
    values.set(key, number)
  }
  return {
    ...plainTerms,
    blockSize: values.get('blksize') ?? plainTerms.blockSize,
    window: values.get('windowsize') ?? plainTerms.window,
    announced: values.get('tsize'),
    accepted: answered,
  }
}

function isAllowed(name: string, value: number, wanted: number): boolean {
  switch (name) {
    case 'blksize':
      return value >= 8 && value <= wanted
    case 'windowsize':
      return value >= 1 && value <= wanted
    default:
      return Number.isSafeInteger(value)
  }
}
