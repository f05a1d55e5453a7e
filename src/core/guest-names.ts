/** The names of the public account, in small letters: RFC 1635 §2.1, and what many clients say instead. */
export const guestNames: ReadonlySet<string> = new Set(['anonymous', 'ftp'])

/** What a guest says for a password, where RFC 1635 §2.2 would have an address of mail: old servers look for the `@`. */
export const guestPassword = 'ferry@'
