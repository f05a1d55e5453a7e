import type { PassiveStep } from '../step.ts'
import type { Findings } from '../findings.ts'

/** Whether the data connections stand, the server begins a listing or says that it has sent it, and nothing of it arrives. */
export function listingStalls({ epsv, pasv }: Findings): boolean {
  const steps = [epsv, pasv].filter((step) => step?.named !== undefined)
  return steps.length > 0 && steps.every((step) => step !== undefined && stalls(step))
}

function stalls({ outcome, listing }: PassiveStep): boolean {
  if (outcome !== 'works' || listing === undefined || listing.whole) return false
  // Where TLS did not come about on it, that is the matter.
  if (listing.lines !== 0) return false
  return listing.reply === undefined || listing.reply.startsWith('2')
}
