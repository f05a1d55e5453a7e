import { ratios, standing } from './compare.ts'
import { inWords, median, spread } from './numbers.ts'
import type { Column, Outcome } from './rounds.ts'
import type { Part, Sample, Verdict, Workload } from './workload.ts'

/** A spread above this share of the median says that the machine was not quiet. */
const noisy = 0.25

/** Writes a workload's figures as tables for people. */
export function report(workload: Workload, outcome: Outcome): string {
  const lines = [`\n${workload.name}: ${outcome.about}`]
  for (const part of workload.parts) lines.push(...table(part, outcome))
  for (const { server, why } of outcome.failures) lines.push(`  FAILED ${server}: ${why}`)
  const verdict = workload.goal?.(standing(workload, outcome))
  if (verdict !== undefined) lines.push(`  Goal: ${verdict.text}: ${inShort(verdict)}.`)
  return lines.join('\n')
}

function inShort({ figure, reached }: Verdict): string {
  if (reached === undefined) return 'cannot be judged from this run'
  return `${figure}, ${reached ? 'reached' : 'NOT REACHED'}`
}

function table(part: Part, outcome: Outcome): string[] {
  const columns = outcome.columns.filter((column) => column.part === part.name && column.samples.length > 0)
  if (columns.length === 0) return []
  const ours = columns.find(({ server }) => server === 'ferry')
  const cpu = part.cpuUnit === undefined ? [] : [`server CPU ${part.cpuUnit}`, 'client CPU', 'peak RSS MiB']
  const head = [part.name, part.unit, 'min – max', ...cpu, 'ferry / it', 'min – max']
  const rows = columns.map((column) => row(part, column, ours))
  const wild = columns.filter(
    ({ samples }) => samples.length > 1 && spread(samples.map(({ value }) => value)) > noisy,
  )
  const notes = wild.map(({ server }) => `  Wide spread for ${server}: the machine is noisy, repeat this.`)
  const others = columns.flatMap(({ samples }) => samples.flatMap((sample) => sample.others ?? []))
  if (others.length > 0 && median(others) > 0.1)
    notes.push(`  Other programs kept ${inWords(median(others))} cores busy.`)
  return [...align([head, ...rows]), `  (${part.better} is better)`, ...notes]
}

function row(part: Part, column: Column, ours: Column | undefined): string[] {
  const middle = (pick: (sample: Sample) => number | undefined) =>
    inWords(median(column.samples.flatMap((sample) => pick(sample) ?? [])))
  const cpu = [
    middle(({ serverCpu }) => serverCpu),
    middle(({ clientCpu }) => clientCpu),
    middle(({ peakMiB }) => peakMiB),
  ]
  const compared = ours === undefined || ours === column ? [] : ratios(ours, column)
  return [
    column.server,
    middle(({ value }) => value),
    range(column.samples.map(({ value }) => value)),
    ...(part.cpuUnit === undefined ? [] : cpu),
    ...(compared.length === 0 ? ['', ''] : [inWords(median(compared)), range(compared)]),
  ]
}

function range(values: readonly number[]): string {
  return `${inWords(Math.min(...values))} – ${inWords(Math.max(...values))}`
}

function align(rows: readonly (readonly string[])[]): string[] {
  const widths = (rows[0] ?? []).map((_, at) => Math.max(...rows.map((cells) => cells[at]?.length ?? 0)))
  return rows.map((cells) =>
    `  ${cells.map((cell, at) => (at === 0 ? cell.padEnd(widths[at] ?? 0) : cell.padStart(widths[at] ?? 0))).join('  ')}`.trimEnd(),
  )
}
