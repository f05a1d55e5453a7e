/**
 * Names travel as bytes and we keep them as strings. UTF-8 is read as UTF-8; a byte that is not part of
 * valid UTF-8 becomes the lone surrogate U+DC00 + byte, so that `encodeText(decodeText(bytes))` gives the
 * same bytes whatever they were (a Latin-1 client gets back exactly the name it stored).
 */
const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })
const toUtf8 = new TextEncoder()

/** The text of these bytes; never throws, and loses nothing. */
export function decodeText(bytes: Uint8Array): string {
  try {
    return utf8.decode(bytes)
  } catch {
    return decodeEscaping(bytes)
  }
}

/** The bytes of a text made by `decodeText`, or of any well-formed text. */
export function encodeText(text: string): Uint8Array {
  return text.isWellFormed() ? toUtf8.encode(text) : encodeEscaped(text)
}

/** True where a text holds bytes that were not UTF-8. */
export function holdsRawBytes(text: string): boolean {
  return !text.isWellFormed()
}

function decodeEscaping(bytes: Uint8Array): string {
  let text = ''
  for (let at = 0; at < bytes.length;) {
    const length = sequenceLength(bytes, at)
    if (length === 0) {
      text += String.fromCharCode(0xdc00 + (bytes[at] ?? 0))
      at += 1
    } else {
      text += utf8.decode(bytes.subarray(at, at + length))
      at += length
    }
  }
  return text
}

/** The length of the valid UTF-8 sequence at this place, 0 where there is none. */
function sequenceLength(bytes: Uint8Array, at: number): number {
  const first = bytes[at] ?? 0
  if (first < 0x80) return 1
  const length = first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : 2
  if (first < 0xc2 || first > 0xf4 || at + length > bytes.length) return 0
  for (let next = at + 1; next < at + length; next += 1) {
    if (((bytes[next] ?? 0) & 0xc0) !== 0x80) return 0
  }
  const second = bytes[at + 1] ?? 0
  if (first === 0xe0 && second < 0xa0) return 0 // overlong
  if (first === 0xed && second > 0x9f) return 0 // a surrogate
  if (first === 0xf0 && second < 0x90) return 0 // overlong
  if (first === 0xf4 && second > 0x8f) return 0 // past U+10FFFF
  return length
}

function encodeEscaped(text: string): Uint8Array {
  const bytes = new Uint8Array(text.length * 3)
  let used = 0
  for (const character of text) {
    const code = character.charCodeAt(0)
    if (character.length === 1 && code >= 0xdc80 && code <= 0xdcff) bytes[used++] = code - 0xdc00
    else used += toUtf8.encodeInto(character, bytes.subarray(used)).written
  }
  return bytes.slice(0, used)
}
