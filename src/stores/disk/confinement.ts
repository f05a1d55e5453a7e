import type { Stats } from 'node:fs'
import type { Path } from '../../core/path.ts'
import type { Soon } from '../../core/soon.ts'
import type { HostPath } from './calls.ts'
import type { KeptOut } from './kept-out.ts'
import type { QuickCalls } from './quick-calls.ts'

/** Answered by a deed that met a link and did nothing: the walk goes on where it leads. */
export const leadsOn = Symbol('the deed met a link')

/** One name in a directory that a walk has reached. */
export interface Spot {
  /** Leads to the name and nowhere else, provided the deed does not follow the link that the name itself may be. */
  readonly at: HostPath
  /** How many directories lie between the root and the name. */
  readonly depth: number
  /** Another name in the same directory. */
  readonly beside: (name: string) => Soon<HostPath>
}

/** A file or directory that is held: whatever happens to its name, this is the one. */
export interface Held {
  readonly stats: Stats
  /** A path to it, and if it is a directory, to what is in it. */
  readonly at: HostPath
  /** The same as the system's own path, where that is quicker to use; only a hint, for it may lead elsewhere by now. */
  hostPath(): Promise<string | undefined>
  openToWrite(): Promise<number>
  chmod(mode: number): Soon<void>
  chown(user: number, group: number): Promise<void>
  utimes(accessed: Date, modified: Date): Soon<void>
  release(): void
}

/** The one way from a Path to the disk: whatever it reaches lies in the root. */
export interface Confinement {
  /** How calls are made on what it reaches. */
  readonly calls: QuickCalls
  /** What nobody enters or moves, though it lies in the root. */
  readonly keptOut: KeptOut
  /** Does a deed on the name itself, be it a link or not, there or not. */
  at<Result>(path: Path, deed: (spot: Spot) => Soon<Result>): Soon<Result>
  /** Does a deed where the path leads. */
  following<Result>(path: Path, deed: (spot: Spot) => Soon<Result | typeof leadsOn>): Soon<Result>
  /** Opens what the path leads to; with `O_EXCL` links are not followed, and the name must be free. */
  open(path: Path, flags: number): Soon<number>
  /** Holds what the path leads to. */
  hold(path: Path): Soon<Held>
  /** Whether the path that the root was opened by still leads to it. */
  isStill(): Promise<boolean>
  /** Waits for what is under way. Nothing can be reached afterwards. */
  close(): Promise<void>
}
