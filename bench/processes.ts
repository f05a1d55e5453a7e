import { readdirSync, readFileSync, writeFileSync } from 'node:fs'

/** What a server's processes use together. */
export interface Memory {
  readonly processes: number
  /** Resident pages; what processes share counts once for each of them. */
  readonly rssKiB: number
  /** The same, with shared pages divided by the number of those who share them. */
  readonly pssKiB: number
}

interface Stat {
  readonly pid: number
  readonly parent: number
  readonly group: number
  /** Its own time and that of the children it has waited for. */
  readonly ticks: number
  /** That of the children alone. */
  readonly childTicks: number
}

/** Linux counts CPU time in hundredths of a second here, on every architecture (USER_HZ). */
const ticksPerSecond = 100

/** CPU seconds of a server so far: the whole tree of its processes, those that ended included. */
export function cpuSeconds(root: number): number {
  return tree(root).reduce((sum, { ticks }) => sum + ticks, 0) / ticksPerSecond
}

/** CPU seconds of the programs that a process has run and waited for. */
export function childSeconds(pid: number): number {
  return stat(String(pid)).reduce((sum, { childTicks }) => sum + childTicks, 0) / ticksPerSecond
}

/** How many processes a server has now. */
export function processCount(root: number): number {
  return tree(root).length
}

/** What a server's processes hold in memory now. */
export function memory(root: number): Memory {
  const pids = tree(root).map(({ pid }) => pid)
  const sum = (file: string, field: string) => pids.reduce((all, pid) => all + kibibytes(pid, file, field), 0)
  return {
    processes: pids.length,
    rssKiB: sum('smaps_rollup', 'Rss'),
    pssKiB: sum('smaps_rollup', 'Pss'),
  }
}

/** Forgets how much memory a server's processes have used at most, so that `peakKiB` tells of what comes now. */
export function forgetPeak(root: number): void {
  for (const { pid } of tree(root)) {
    try {
      writeFileSync(`/proc/${pid}/clear_refs`, '5')
    } catch {
      // Ended meanwhile, or it belongs to another user: then the peak is that of its whole life.
    }
  }
}

/** The most resident memory that a server's present processes have had, added up. */
export function peakKiB(root: number): number {
  return tree(root).reduce((all, { pid }) => all + kibibytes(pid, 'status', 'VmHWM'), 0)
}

/** CPU seconds that the whole machine has been busy. */
export function machineSeconds(): number {
  const [line = ''] = readFileSync('/proc/stat', 'utf8').split('\n')
  const [user = 0, nice = 0, system = 0, , , irq = 0, softirq = 0] = line
    .trim()
    .split(/\s+/u)
    .slice(1)
    .map(Number)
  return (user + nice + system + irq + softirq) / ticksPerSecond
}

/** The process, its descendants, and whatever else is in the process group that it leads. */
function tree(root: number): Stat[] {
  const all = readdirSync('/proc')
    .filter((name) => /^\d+$/u.test(name))
    .flatMap(stat)
  const found = new Set(all.filter(({ pid, group }) => pid === root || group === root))
  for (let before = -1; before < found.size;) {
    before = found.size
    const pids = new Set([...found].map(({ pid }) => pid))
    for (const one of all) if (pids.has(one.parent)) found.add(one)
  }
  return [...found]
}

/** proc(5): the command's name in parentheses may hold anything, so the fields are counted behind the last one. */
function stat(pid: string): Stat[] {
  const text = read(`/proc/${pid}/stat`)
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ')
  const [, parent, group] = fields.map(Number)
  const ticks = fields.slice(11, 15).reduce((sum, field) => sum + Number(field), 0)
  const childTicks = fields.slice(13, 15).reduce((sum, field) => sum + Number(field), 0)
  return parent === undefined || group === undefined
    ? []
    : [{ pid: Number(pid), parent, group, ticks, childTicks }]
}

function kibibytes(pid: number, file: string, field: string): number {
  const text = read(`/proc/${pid}/${file}`)
  return Number(new RegExp(`^${field}:\\s+(\\d+) kB`, 'mu').exec(text)?.[1] ?? 0)
}

/** Processes end while one looks: then there is nothing to read. */
function read(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return ''
  }
}
