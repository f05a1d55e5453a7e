const forbidden = /["*:<>?\\|\p{Cc}]/u
const device = /^(?:con|prn|aux|nul|conin\$|conout\$|com[0-9¹²³]|lpt[0-9¹²³])(?:\.|$)/i

/**
 * Whether a name means a file of that name on Windows: `a:b` is a stream of `a`, `NUL.txt` is a device, and a dot or
 * space at the end is dropped, so that it would be another name than the one that was checked.
 */
export function isWindowsName(name: string): boolean {
  return !forbidden.test(name) && !/[. ]$/.test(name) && !device.test(name)
}
