import type { Contender } from './contender.ts'
import type { Ground } from './ground.ts'
import { Load } from './load/load.ts'
import { quietMoment } from './quiet.ts'
import { Running } from './running.ts'
import type { Part, Sample, Samples, Size, Stage, Workload } from './workload.ts'

/** What a workload gave. */
export interface Outcome {
  readonly workload: string
  readonly about: string
  readonly parts: readonly Part[]
  readonly columns: readonly Column[]
  readonly failures: readonly { readonly server: string; readonly why: string }[]
}

/** One server's samples of one part, a round each. */
export interface Column {
  readonly part: string
  readonly server: string
  readonly samples: readonly Sample[]
}

/** What a run consists of. */
export interface Plan {
  readonly contenders: readonly Contender[]
  readonly ground: Ground
  readonly size: Size
  readonly rounds: number
  readonly warmups: number
  /** How long a measurement may wait for the machine to be quiet. */
  readonly patienceMs: number
  /** Told what is being done now. */
  readonly say: (text: string) => void
}

/** Measures all servers in turn, round by round: A B A B, so that a disturbance hits all of them. */
export async function runRounds(workload: Workload, plan: Plan): Promise<Outcome> {
  const load = new Load()
  const entrants = plan.contenders.map((contender) => new Entrant(contender, plan, load))
  try {
    for (let round = -plan.warmups; round < plan.rounds; round += 1) {
      const name = round < 0 ? 'warm-up' : `round ${round + 1} of ${plan.rounds}`
      for (const entrant of entrants) {
        plan.say(`${workload.name}: ${name}, ${entrant.name}`)
        await entrant.measure(workload, round >= 0)
      }
    }
  } finally {
    load.end()
    for (const entrant of entrants) await entrant.stop()
  }
  return {
    workload: workload.name,
    about: workload.about(plan.size),
    parts: workload.parts,
    columns: workload.parts.flatMap(({ name }) => entrants.map((entrant) => entrant.column(name))),
    failures: entrants.flatMap(({ name, failure }) =>
      failure === undefined ? [] : { server: name, why: failure },
    ),
  }
}

/** A server in a workload: its samples, until it fails. */
class Entrant {
  readonly name: string
  readonly #contender: Contender
  readonly #plan: Plan
  readonly #load: Load
  readonly #rounds: Samples[] = []
  #running: Running | undefined
  #failure: string | undefined

  constructor(contender: Contender, plan: Plan, load: Load) {
    this.name = contender.name
    this.#contender = contender
    this.#plan = plan
    this.#load = load
  }

  get failure(): string | undefined {
    return this.#failure
  }

  async measure(workload: Workload, counts: boolean): Promise<void> {
    if (this.#failure !== undefined) return
    try {
      await quietMoment(this.#plan.patienceMs)
      const samples = await workload.measure(this.#stage())
      if (counts) this.#rounds.push(samples)
    } catch (thrown) {
      const why = thrown instanceof Error ? thrown.message : String(thrown)
      this.#failure = `${why} ${this.#running?.complaints() ?? ''}`.trim()
    }
  }

  column(part: string): Column {
    const taken = this.#failure === undefined ? this.#rounds : []
    const samples = taken.map((samples) => samples[part]).filter((sample) => sample !== undefined)
    return { part, server: this.name, samples }
  }

  async stop(): Promise<void> {
    await this.#running?.stop()
  }

  #stage(): Stage {
    const fresh = () => Running.start(this.#contender, this.#plan.ground)
    const shared = async () => (this.#running ??= await fresh())
    return { ground: this.#plan.ground, size: this.#plan.size, load: this.#load, fresh, shared }
  }
}
