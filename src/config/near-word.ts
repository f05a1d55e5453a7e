/** The known word that may have been meant by another: a letter or two are wrong, or it is the same in other cases. */
export function nearWord(word: string, known: readonly string[]): string | undefined {
  let found: string | undefined
  // In a short word two letters are most of it.
  let least = word.length <= 3 ? 1 : 2
  for (const one of known) {
    const letters = distance(one.toLowerCase(), word.toLowerCase())
    if (letters > least || (letters === least && found !== undefined)) continue
    found = one
    least = letters
  }
  return found
}

/** How many letters must change, come or go to make one word the other (Levenshtein); two that change places are one. */
function distance(a: string, b: string): number {
  if (Math.abs(a.length - b.length) > 2) return 3
  let before: number[] = []
  let row = Array.from({ length: b.length + 1 }, (_, at) => at)
  for (let i = 1; i <= a.length; i += 1) {
    const next = [i]
    for (let j = 1; j <= b.length; j += 1) {
      const changed = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1)
      const swapped = a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1] ? (before[j - 2] ?? 3) + 1 : 3
      next.push(Math.min(changed, swapped, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1))
    }
    before = row
    row = next
  }
  return row[b.length] ?? 0
}
