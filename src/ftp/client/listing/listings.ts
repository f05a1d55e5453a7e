import { once } from '../../../core/once.ts'

/**
 * What reads listings: thirty modules for all who ever wrote one, which nobody needs who fetches one file. They are loaded
 * once, as to ask Node for them again takes 50 µs, and a directory may be small.
 */
export const listings = once(() => import('../../wire/listings/listing-reader.ts'))
