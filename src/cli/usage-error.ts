/** The words were wrong, or cannot be followed on this machine: one sentence that says how to mend it, and status 2. */
export class UsageError extends Error {
  constructor(message: string) {
    super(message)
    this.name = 'UsageError'
  }
}
