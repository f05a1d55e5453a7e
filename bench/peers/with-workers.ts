import type { Contender } from '../contender.ts'

/** Our server with so many workers, and the same without, so that one run shows what they give. */
export function withWorkers(ours: Contender, workers: string): readonly [Contender, Contender] {
  const many: Contender = {
    ...ours,
    prepare(site) {
      const launch = ours.prepare(site)
      return { ...launch, words: [...launch.words, `--workers=${workers}`] }
    },
  }
  return [many, { ...ours, name: 'ferry alone' }]
}
