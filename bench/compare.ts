import { median } from './numbers.ts'
import type { Column, Outcome } from './rounds.ts'
import type { Part, Standing, Workload } from './workload.ts'

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
    ratioToBest: (part) => {
      const wanted = workload.parts.find(({ name }) => name === part)
      const best = wanted && peers(part).toSorted(bestFirst(wanted))[0]
      const value = best && ratio(part, best)
      return best === undefined || value === undefined ? undefined : { peer: best.server, ratio: value }
    },
  }
}

function bestFirst({ better }: Part): (one: Column, other: Column) => number {
  const sign = better === 'higher' ? -1 : 1
  return (one, other) => sign * (middle(one) - middle(other))
}

function middle({ samples }: Column): number {
  return median(samples.map(({ value }) => value))
}
