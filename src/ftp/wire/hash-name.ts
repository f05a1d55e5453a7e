/** The names of draft-bryan-ftpext-hash, best first. */
export const hashNames = ['SHA-512', 'SHA-256', 'SHA-1', 'MD5', 'CRC32'] as const

/** One of them, as FTP writes it. */
export type HashName = (typeof hashNames)[number]
