/** What is being worked on right now, by name: two must never work on the same. */
export interface Claims {
  /** Takes a name; false where somebody has it, or may have it. */
  take(name: string): boolean
  has(name: string): boolean
  give(name: string): void
}

/** The claims of a server that runs alone, and how many there are. */
export function memoryClaims(): Claims & { readonly size: number } {
  const taken = new Set<string>()
  return {
    get size() {
      return taken.size
    },
    take(name) {
      if (taken.has(name)) return false
      taken.add(name)
      return true
    },
    has: (name) => taken.has(name),
    give: (name) => void taken.delete(name),
  }
}
