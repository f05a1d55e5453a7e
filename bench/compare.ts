import { median } from './numbers.ts'
import type { Column, Outcome } from './rounds.ts'
import type { Standing, Workload } from './workload.ts'

/** Ours divided by the other's, round by round: what disturbs a round disturbs both. */
export function ratios(ours: Column, other: Column): number[] {
  return ours.samples.flatMap((sample, round) => {
    const beside = other.samples[round]
    return beside === undefined ? [] : [sample.value / beside.value]
  })
}

/** What a goal may look at: medians, and medians of ratios. */
export function standing(workload: Workload, outcome: Outcome): Standing {
  const of = (part: string) =>
    outcome.columns.filter((column) => column.part === part && column.samples.length > 0)
  const ours = (part: string) => of(part).find(({ server }) => server === 'ferry')
  const peers = (part: string) => of(part).filter(({ server }) => server !== 'ferry')
  const ratio = (part: string, peer: Column) => {
    const own = ours(part)
    return own && median(ratios(own, peer))
  }
  return {
    ours: (part) => {
      const own = ours(part)
      return own && middle(own)
    },
    ratio: (part, name) => {
      const peer = peers(part).find(({ server }) => server === name)
      return peer && ratio(part, peer)
    },
    hardest: (part) => {
      const higher = workload.parts.find(({ name }) => name === part)?.better === 'higher'
      const all = peers(part).flatMap((peer) => {
        const value = ratio(part, peer)
        return value === undefined ? [] : [{ peer: peer.server, ratio: value }]
      })
      return all.toSorted((one, other) => (higher ? 1 : -1) * (one.ratio - other.ratio))[0]
    },
  }
}

function middle({ samples }: Column): number {
  return median(samples.map(({ value }) => value))
}
