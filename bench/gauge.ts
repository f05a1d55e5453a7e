import { setTimeout as sleep } from 'node:timers/promises'
import type { Load } from './load/load.ts'
import type { Done, Task } from './load/task.ts'
import { cpuSeconds, forgetPeak, machineSeconds, peakKiB, processCount } from './processes.ts'
import type { Running } from './running.ts'
import type { Sample } from './workload.ts'

/** What a task cost. */
export interface Measured extends Done {
  readonly serverCpuSeconds: number
  readonly peakMiB: number
  readonly others: number
}

/** Runs a task against a server and reads what it has cost on both sides. */
export async function gauge(load: Load, server: Running, task: Task): Promise<Measured> {
  const processes = processCount(server.pid)
  forgetPeak(server.pid)
  const before = clocks(server)
  const done = await load.run(task)
  await settled(server, processes)
  const after = clocks(server)
  const serverCpuSeconds = after.server - before.server
  const known = serverCpuSeconds + done.cpuSeconds + after.bench - before.bench
  const others = Math.max(0, after.machine - before.machine - known) / (after.wall - before.wall)
  return { ...done, serverCpuSeconds, peakMiB: peakKiB(server.pid) / 1024, others }
}

/** MB/s, and CPU seconds for a GB; both are decimal. */
export function perByte(measured: Measured, bytes: number): Sample {
  return {
    value: bytes / 1e6 / measured.seconds,
    serverCpu: measured.serverCpuSeconds / (bytes / 1e9),
    clientCpu: measured.cpuSeconds / (bytes / 1e9),
    peakMiB: measured.peakMiB,
    others: measured.others,
  }
}

/** Pieces a second, and CPU milliseconds for each. */
export function perPiece(measured: Measured, count: number): Sample {
  return {
    value: count / measured.seconds,
    serverCpu: (measured.serverCpuSeconds * 1000) / count,
    clientCpu: (measured.cpuSeconds * 1000) / count,
    peakMiB: measured.peakMiB,
    others: measured.others,
  }
}

/** The time of a forked process counts once its parent has waited for it. */
async function settled(server: Running, processes: number): Promise<void> {
  for (const until = Date.now() + 2000; Date.now() < until && processCount(server.pid) > processes;)
    await sleep(10)
}

function clocks(server: Running) {
  const { user, system } = process.cpuUsage()
  return {
    server: cpuSeconds(server.pid),
    bench: (user + system) / 1e6,
    machine: machineSeconds(),
    wall: performance.now() / 1000,
  }
}
