/**
 * How many columns of a terminal a text takes: letters of East Asia and pictures two, marks that stand on the letter before
 * them none.
 */
export function textWidth(text: string): number {
  if (/^[\u0020-\u02ff]*$/u.test(text)) return text.length
  let width = 0
  for (const letter of text) width += wide.test(letter) ? 2 : none.test(letter) ? 0 : 1
  return width
}

/** The text with blanks behind it, until it takes so many columns. */
export function padToWidth(text: string, width: number): string {
  return text + ' '.repeat(Math.max(0, width - textWidth(text)))
}

const wide =
  /[\p{sc=Han}\p{sc=Hiragana}\u30a0-\u30ff\u31f0-\u31ff\p{Emoji_Presentation}\u1100-\u115f\u3000-\u303e\uac00-\ud7a3\ufe30-\ufe6f\uff01-\uff60\uffe0-\uffe6]/u
const none = /[\p{Mn}\p{Me}\p{Cf}]/u
