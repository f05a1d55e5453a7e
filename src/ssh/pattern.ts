/** The longest pattern and name that are compared: more is no host. */
const longest = 1024

/**
 * Whether a list of patterns as in ssh_config(5) takes a name: `*` and `?` stand for characters, `!` in front takes back. A
 * name that a pattern takes back is not taken, whatever the others say.
 */
export function matchesPatterns(patterns: readonly string[], name: string): boolean {
  let taken = false
  for (const pattern of patterns) {
    const negated = pattern.startsWith('!')
    if (!matchesPattern(negated ? pattern.slice(1) : pattern, name)) continue
    if (negated) return false
    taken = true
  }
  return taken
}

/** Case does not count in host names. After a `*` that has got further no earlier one is tried again. */
function matchesPattern(pattern: string, name: string): boolean {
  if (pattern.length > longest || name.length > longest) return false
  const wanted = pattern.toLowerCase()
  const given = name.toLowerCase()
  let at = 0
  let star = -1
  let retry = 0
  let next = 0
  while (at < given.length) {
    if (wanted[next] === '*') {
      star = next
      next += 1
      retry = at
    } else if (next < wanted.length && (wanted[next] === '?' || wanted[next] === given[at])) {
      next += 1
      at += 1
    } else if (star >= 0) {
      retry += 1
      at = retry
      next = star + 1
    } else return false
  }
  while (wanted[next] === '*') next += 1
  return next === wanted.length
}
