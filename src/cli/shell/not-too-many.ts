/** More than this would push away all that stands on the terminal. */
const most = 200

/** What to show of the words that fit; of too many what they have in common, or else their number is told. */
export function notTooMany(
  [found, typed]: readonly [string[], string],
  tell: (line: string) => void,
): [string[], string] {
  if (found.length <= most) return [found, typed]
  const common = found.reduce(sharedBeginning)
  if (common.length > typed.length) return [[common], typed]
  tell(`${found.length} names fit: type a letter more, or "ls"`)
  return [[], typed]
}

function sharedBeginning(one: string, other: string): string {
  let length = 0
  while (length < one.length && one[length] === other[length]) length += 1
  return one.slice(0, length)
}
