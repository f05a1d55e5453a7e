/**
 * One of several words of a command: with blanks it stands in quotes, quotes in it doubled. ProFTPD would take what stands behind
 * a blank for one word more, and make the link under half its name.
 */
export function asWord(text: string): string {
  return /\s/u.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}
