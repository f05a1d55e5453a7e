/** Names and replies come from outside: one line stays one line, and says nothing to the terminal. */
export function cleanText(text: string): string {
  // eslint-disable-next-line no-control-regex
  return text.replaceAll(/[\u0000-\u001f\u007f-\u009f]/gu, '?').toWellFormed()
}
