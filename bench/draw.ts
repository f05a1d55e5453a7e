import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { chart } from './chart.ts'
import type { Outcome } from './rounds.ts'

/** Draws docs/bench.svg out of what `npm run bench -- --json` printed into these files. */
const files = process.argv.slice(2)
if (files.length === 0) {
  process.stderr.write('npm run bench:chart -- RESULT.json…      what npm run bench -- --json printed\n')
  process.exit(2)
}
const runs = files.map((file) => JSON.parse(readFileSync(file, 'utf8')) as Run)
const target = join(import.meta.dirname, '..', 'docs', 'bench.svg')
writeFileSync(
  target,
  chart(
    runs[0]?.machine ?? '',
    runs.flatMap(({ outcomes }) => outcomes),
  ),
)
process.stdout.write(`${target}\n`)

interface Run {
  readonly machine: string
  readonly outcomes: readonly Outcome[]
}
