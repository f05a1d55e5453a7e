/** Names come from outside, and say nothing to the terminal. */
export function cleanText(text: string): string {
  // eslint-disable-next-line no-control-regex
  return text.replaceAll(/[\u0000-\u001f\u007f-\u009f]/gu, '?').toWellFormed()
}
