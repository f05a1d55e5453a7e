import { parseListing } from '../../src/ftp/wire/listings/parse-listing.ts'
import { inWords } from '../numbers.ts'
import type { Sample, Workload } from '../workload.ts'

const wanted = 500_000

/** How fast our client reads listings that have arrived; no server has a part in it. */
export const parse: Workload = {
  name: 'parse',
  about: ({ entries }) => `reading listings of ${entries} entries: bytes in, names, sizes and times out`,
  parts: ['LIST, Unix', 'LIST, Windows', 'MLSD'].map((name) => ({ name, unit: 'lines/s', better: 'higher' })),
  rounds: 5,
  warmups: 2,
  ours: true,
  prepare: () => {},
  measure: async ({ size: { entries } }) => ({
    'LIST, Unix': timed(entries, (at) => {
      const date = at % 3 === 0 ? ' 2019' : '12:34'
      return `-rw-r--r--   1 anna     staff    ${String(at * 37).padStart(12)} Mar ${String(1 + (at % 28)).padStart(2)} ${date} file-${at}.dat`
    }),
    'LIST, Windows': timed(
      entries,
      (at) =>
        `03-${String(1 + (at % 28)).padStart(2, '0')}-24  12:34PM ${String(at * 37).padStart(20)} file-${at}.dat`,
    ),
    MLSD: timed(
      entries,
      (at) => `type=file;size=${at * 37};modify=20260310123456;UNIX.mode=0644; file-${at}.dat`,
    ),
  }),
  goal: (standing) => {
    const rate = standing.ours('LIST, Unix')
    return {
      text: `${wanted} lines of Unix a second`,
      figure: inWords(rate ?? 0),
      reached: rate === undefined ? undefined : rate >= wanted,
    }
  },
}

function timed(entries: number, lineAt: (at: number) => string): Sample {
  const text = Array.from({ length: entries }, (_, at) => `${lineAt(at)}\r\n`).join('')
  const bytes = new TextEncoder().encode(text)
  const cpu = process.cpuUsage()
  const start = performance.now()
  const listing = parseListing(bytes, Date.UTC(2026, 2, 30))
  const seconds = (performance.now() - start) / 1000
  if (listing.entries.length !== entries) throw new Error('lines were lost')
  return { value: entries / seconds, clientCpu: process.cpuUsage(cpu).user / 1e6 }
}
