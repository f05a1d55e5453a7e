/** A day, in milliseconds: 24 hours, whatever a zone makes of it. */
export const dayMs = 86_400_000
