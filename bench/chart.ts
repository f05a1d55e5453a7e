import { ratios } from './compare.ts'
import { inWords, median } from './numbers.ts'
import type { Column, Outcome } from './rounds.ts'
import type { Part } from './workload.ts'

/** Our speed beside that of the fastest other, a bar for each part of each workload, as an SVG picture. */
export function chart(machine: string, outcomes: readonly Outcome[]): string {
  const bars = outcomes.flatMap((outcome) => outcome.parts.flatMap((part) => bar(outcome, part) ?? []))
  const height = top + bars.length * step + 34
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" font-family="sans-serif" font-size="12">`,
    `<rect width="${width}" height="${height}" fill="#fff"/>`,
    `<text x="12" y="22" font-size="15" font-weight="bold">Ferry beside the fastest other server of each workload</text>`,
    `<text x="12" y="40" fill="#555">1 is as fast; further right is faster. Median of the rounds, with the least and the most.</text>`,
    ...bars.map((one, at) => row(one, top + at * step)),
    `<path d="M${across(1)} ${top - 8}V${top + bars.length * step}" stroke="#333" stroke-dasharray="3 3"/>`,
    `<text x="${across(1)}" y="${top - 12}" text-anchor="middle" fill="#333">1</text>`,
    `<text x="12" y="${height - 12}" fill="#777" font-size="10">${escaped(machine)}</text>`,
    '</svg>\n',
  ].join('\n')
}

interface Bar {
  readonly name: string
  /** How many times as fast as the peer, round by round. */
  readonly times: readonly number[]
  readonly peer: string
  readonly figure: string
}

const width = 860
const left = 210
const right = 250
const top = 70
const step = 22
/** More than so many times as fast is drawn as so many. */
const most = 4

function across(times: number): number {
  return Math.round(left + (Math.min(times, most) / most) * (width - left - right))
}

/** undefined: nobody else was measured. */
function bar(outcome: Outcome, part: Part): Bar | undefined {
  const columns = outcome.columns.filter((column) => column.part === part.name && column.samples.length > 0)
  const ours = columns.find(({ server }) => server === 'ferry')
  if (ours === undefined) return undefined
  const beside = columns
    .filter((column) => column !== ours)
    .map((column) => ({ peer: column.server, times: speeds(ours, column, part) }))
    .filter(({ times }) => times.length > 0)
    .toSorted((one, other) => median(one.times) - median(other.times))
  const [hardest] = beside
  if (hardest === undefined) return undefined
  const figure = `${inWords(median(ours.samples.map(({ value }) => value)))} ${part.unit}`
  return { name: `${outcome.workload}: ${part.name}`, ...hardest, figure }
}

function speeds(ours: Column, other: Column, { better }: Part): number[] {
  const all = ratios(ours, other)
  return better === 'higher' ? all : all.map((ratio) => 1 / ratio)
}

function row({ name, times, peer, figure }: Bar, y: number): string {
  const middle = median(times)
  const [low, high] = [across(Math.min(...times)), across(Math.max(...times))]
  const colour = middle >= 1 ? '#2a7f62' : '#c8772c'
  return [
    `<text x="${left - 8}" y="${y + 12}" text-anchor="end">${escaped(name)}</text>`,
    `<rect x="${left}" y="${y + 2}" width="${across(middle) - left}" height="13" fill="${colour}"/>`,
    `<path d="M${low} ${y + 8.5}H${high}M${low} ${y + 5.5}v6M${high} ${y + 5.5}v6" stroke="#222"/>`,
    `<text x="${Math.max(across(middle), high) + 6}" y="${y + 12}">${inWords(middle)} × ${escaped(peer)} (${escaped(figure)})</text>`,
  ].join('')
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;')
}
