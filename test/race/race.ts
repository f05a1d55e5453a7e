import { fork, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { systemClock } from '../../src/core/clock.ts'
import { FileError } from '../../src/core/error.ts'
import type { DiskStore } from '../../src/stores/disk.ts'
import { deeds, type Findings } from './deeds.ts'
import { outsideMark, raceWorld, type RaceWorld } from './world.ts'

export interface RaceResult {
  /** Deeds that went through. */
  readonly done: number
  readonly refused: number
  /** Deeds that saw something outside, and looks outside that found something changed. */
  readonly escapes: number
}

const atOnce = 4
const lookEveryMs = 200

/** Lets a store work on paths while another process swaps directories and files on them for links that lead outside. */
export async function race(seconds: number, open: (root: string) => Promise<DiskStore>): Promise<RaceResult> {
  const world = raceWorld()
  const store = await open(world.root)
  const swapper = await startSwapper(world.root)
  try {
    const run = new Run(world, store, systemClock.ticks() + seconds * 1000)
    const workers = Array.from({ length: atOnce }, (_, index) => run.work(index))
    await Promise.all([...workers, run.watch()])
    return run.result()
  } finally {
    await stop(swapper)
    await store.close()
    world.remove()
  }
}

class Run {
  readonly #world: RaceWorld
  readonly #store: DiskStore
  readonly #end: number
  #outside: string
  #done = 0
  #refused = 0
  #escapes = 0

  constructor(world: RaceWorld, store: DiskStore, end: number) {
    this.#world = world
    this.#store = store
    this.#end = end
    this.#outside = world.lookOutside()
  }

  /** The workers start at different deeds, so that in time all meet all. */
  async work(start: number): Promise<void> {
    for (let next = start * 7; systemClock.ticks() < this.#end; next += 1) {
      const deed = deeds[next % deeds.length]
      try {
        this.#judge((await deed?.(this.#store)) ?? [])
        this.#done += 1
      } catch (thrown) {
        if (!(thrown instanceof FileError)) throw thrown
        this.#refused += 1
      }
    }
  }

  async watch(): Promise<void> {
    while (systemClock.ticks() < this.#end) {
      await new Promise<void>((resolve) => {
        systemClock.after(lookEveryMs, resolve)
      })
      this.#look()
    }
  }

  result(): RaceResult {
    this.#look()
    return { done: this.#done, refused: this.#refused, escapes: this.#escapes }
  }

  #judge(findings: Findings): void {
    const fromOutside = findings.some((found) =>
      typeof found === 'string' ? found.startsWith(outsideMark) : this.#world.outsideIds.has(found.id ?? ''),
    )
    if (fromOutside) this.#escapes += 1
  }

  #look(): void {
    const outside = this.#world.lookOutside()
    if (outside !== this.#outside) this.#escapes += 1
    this.#outside = outside
  }
}

async function startSwapper(root: string): Promise<ChildProcess> {
  const swapper = fork(fileURLToPath(new URL('./swapper.ts', import.meta.url)), [root])
  await once(swapper, 'message')
  return swapper
}

async function stop(swapper: ChildProcess): Promise<void> {
  if (swapper.exitCode !== null) throw new Error('the swapper ended before the race did')
  const exit = once(swapper, 'exit')
  swapper.disconnect()
  await exit
}
