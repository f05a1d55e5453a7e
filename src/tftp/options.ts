import type { Rollover } from './block-number.ts'
import type { Option } from './packet.ts'

/** How a transfer goes, as both sides have agreed. */
export interface Terms {
  readonly blockSize: number
  /** How many blocks may be on their way. */
  readonly window: number
  /** What the client wants between retransmissions; undefined: it said nothing. */
  readonly timeoutMs: number | undefined
  /** How long the peer may be silent, where somebody has said it: no option, but a wish of this side. */
  readonly silenceMs?: number | undefined
  readonly rollover: Rollover
  /** How long the file is, as the client says (WRQ). */
  readonly announced: number | undefined
  /** What to answer; none: no OACK but the plain protocol. */
  readonly accepted: readonly Option[]
}

/** What this side allows, and what it knows of the file. */
export interface Offer {
  readonly largestBlock: number
  readonly largestWindow: number
  readonly deed: 'read' | 'write'
  /** What tsize is answered in a read; undefined: it is not known, as in netascii (RFC 2349). */
  readonly size: number | undefined
}

/** RFC 2348. */
export const blockSizes = { usual: 512, smallest: 8, largest: 65_464 } as const

/** More bytes on their way than this overrun the usual receive buffers, and the transfer goes from timeout to timeout. */
const mostInFlight = 128 * 1024

/** Answers the options of a request: each is taken, lowered, or left out as RFC 2347 says of what is not understood. */
export function negotiate(asked: readonly Option[], offer: Offer): Terms {
  const values = firstOfEach(asked)
  const blockSize = blockSizeOf(values.get('blksize'), offer)
  const window = windowOf(values.get('windowsize'), blockSize ?? blockSizes.usual, offer)
  const seconds = numberIn(values.get('timeout'), 1, 255)
  const size = numberIn(values.get('tsize'), 0, Number.MAX_SAFE_INTEGER)
  const rollover = numberIn(values.get('rollover'), 0, 1)
  const answers: Readonly<Record<string, number | undefined>> = {
    blksize: blockSize,
    windowsize: window,
    timeout: seconds,
    tsize: size === undefined || offer.deed === 'write' ? size : sizeToTell(offer),
    rollover,
  }
  return {
    blockSize: blockSize ?? blockSizes.usual,
    window: window ?? 1,
    timeoutMs: seconds === undefined ? undefined : seconds * 1000,
    rollover: rollover === 1 ? 1 : 0,
    announced: offer.deed === 'write' ? size : undefined,
    accepted: [...values].flatMap(([key, { name }]) => {
      const answer = Object.hasOwn(answers, key) ? answers[key] : undefined
      return answer === undefined ? [] : [{ name, value: String(answer) }]
    }),
  }
}

/** By small letters, the first of each: RFC 2347 forbids to say one twice. */
function firstOfEach(asked: readonly Option[]): Map<string, Option> {
  const values = new Map<string, Option>()
  for (const option of asked) {
    const key = option.name.toLowerCase()
    if (!values.has(key)) values.set(key, option)
  }
  return values
}

/** curl takes an answer of 0 for an error, and gives up a file that is just empty. */
function sizeToTell({ size }: Offer): number | undefined {
  return size === 0 ? undefined : size
}

function blockSizeOf(option: Option | undefined, { largestBlock }: Offer): number | undefined {
  const wanted = numberIn(option, blockSizes.smallest, Number.MAX_SAFE_INTEGER)
  return wanted === undefined ? undefined : Math.min(wanted, largestBlock, blockSizes.largest)
}

function windowOf(
  option: Option | undefined,
  blockSize: number,
  { largestWindow }: Offer,
): number | undefined {
  const wanted = numberIn(option, 1, 65_535)
  const room = Math.max(1, Math.floor(mostInFlight / blockSize))
  return wanted === undefined ? undefined : Math.min(wanted, largestWindow, room)
}

function numberIn(option: Option | undefined, least: number, most: number): number | undefined {
  if (option === undefined || !/^\d{1,16}$/u.test(option.value)) return undefined
  const value = Number(option.value)
  return value >= least && value <= most ? value : undefined
}
