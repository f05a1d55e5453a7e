import { parseArgs } from 'node:util'

/** What the words behind `npm run bench --` ask for. */
export interface Words {
  readonly workloads: readonly string[]
  /** undefined: all that there are. */
  readonly against: readonly string[] | undefined
  readonly rounds: number | undefined
  /** How many workers our server has, as it takes that; undefined: none beside itself. */
  readonly workers: string | undefined
  /** How long a measurement waits for the machine to be quiet. */
  readonly patienceMs: number
  readonly folder: string
  readonly json: boolean
  readonly smoke: boolean
  readonly fetch: boolean
  readonly help: boolean
}

export const usage = `npm run bench -- [WORKLOAD…] [--against PEER[,PEER…]|none] [--rounds N] [--workers N|auto]
              [--patience SECONDS] [--folder DIR] [--json] [--smoke]
npm run bench -- --fetch      gets the peers (Debian)`

/** Reads the words; names that mean nothing are refused. */
export function parseWords(
  words: readonly string[],
  workloads: readonly string[],
  peers: readonly string[],
): Words {
  const flag = { type: 'boolean', default: false } as const
  const { values, positionals } = parseArgs({
    args: [...words],
    allowPositionals: true,
    options: {
      against: { type: 'string' },
      rounds: { type: 'string' },
      workers: { type: 'string' },
      patience: { type: 'string', default: '10' },
      folder: { type: 'string' },
      json: flag,
      smoke: flag,
      fetch: flag,
      help: flag,
    },
  })
  const against = values.against === 'none' ? [] : values.against?.split(',')
  known(positionals, workloads)
  known(against ?? [], peers)
  return {
    ...values,
    workloads: positionals.length > 0 ? positionals : workloads,
    against,
    workers: values.workers,
    rounds: values.rounds === undefined ? undefined : positive('--rounds', values.rounds),
    patienceMs: positive('--patience', values.patience) * 1000,
    // Meant to outlive a restart (hier(7)), so it is on a disk where /tmp may be memory.
    folder: values.folder ?? '/var/tmp',
  }
}

function known(names: readonly string[], all: readonly string[]): void {
  for (const name of names) {
    if (!all.includes(name)) throw new Error(`"${name}" is none of: ${all.join(' ')}`)
  }
}

function positive(option: string, text: string): number {
  if (/^[1-9]\d{0,3}$/u.test(text)) return Number(text)
  throw new Error(`${option} takes a number from 1, and not "${text}"`)
}
