import { decodeText } from '../../../core/text.ts'
import { ListingReader } from './listing-reader.ts'
import type { Listing } from './listed.ts'

/** Reads a whole listing, of LIST or MLSD, whatever server wrote it. Bytes that are no UTF-8 survive in the names. */
export function parseListing(listing: Uint8Array | string, now: number): Listing {
  const text = typeof listing === 'string' ? listing : decodeText(listing)
  return new ListingReader(now).read(text.split('\n'), true)
}
