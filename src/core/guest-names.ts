/** The names of the public account, in small letters: RFC 1635 §2.1, and what many clients say instead. */
export const guestNames: ReadonlySet<string> = new Set(['anonymous', 'ftp'])
