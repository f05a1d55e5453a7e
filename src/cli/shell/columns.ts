import { padToWidth, textWidth } from '../text-width.ts'

/** Names in columns that fit the terminal, read downwards; one a line where the width is 0. */
export function columns(names: readonly string[], width: number): string[] {
  const longest = Math.max(0, ...names.map(textWidth)) + 2
  const across = Math.max(1, Math.floor(width / longest))
  if (across === 1) return [...names]
  const rows = Math.ceil(names.length / across)
  return Array.from({ length: rows }, (_, row) =>
    names
      .filter((_, index) => index % rows === row)
      .map((name) => padToWidth(name, longest))
      .join('')
      .trimEnd(),
  )
}
