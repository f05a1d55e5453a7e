/** Base64 without padding, as PHC strings have it. */
export function base64Of(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('base64').replace(/=+$/u, '')
}

/** Reads base64 with or without padding, in the usual alphabet, that of URLs, or passlib's, which has `.` for `+`. */
export function bytesOfBase64(text: string): Uint8Array {
  return Buffer.from(text.replaceAll('.', '+'), 'base64')
}
