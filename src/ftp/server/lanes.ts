import type { Clock, Timer } from '../../core/clock.ts'

/** Somebody in a lane, or waiting to be. */
export interface Guest {
  /** Nobody else may be in the lane meanwhile. */
  readonly alone: boolean
  /** It has been in for long, and others wait. */
  overstay(): void
}

interface Waiter {
  readonly guest: Guest
  readonly decide: (entered: boolean) => void
}

interface Lane {
  readonly inside: Map<Guest, number>
  readonly queue: Waiter[]
  stopped: boolean
  timer: Timer | undefined
}

/** How long one may be in while others wait. */
const longestStayMs = 10_000

/** How long one waits to be let in. */
const longestWaitMs = 20_000

/** How many may wait in one lane. */
const longestQueue = 256

/**
 * Who may wait for a connection on the same port at the same time: of one address many whose connections can be told apart,
 * or one whose connection cannot. First come, first served, so that nobody waits for ever.
 */
export class Lanes {
  readonly #clock: Clock
  readonly #lanes = new Map<string, Lane>()

  constructor(clock: Clock) {
    this.#clock = clock
  }

  /** Whether nobody is in a lane or waits for one. */
  get empty(): boolean {
    return this.#lanes.size === 0
  }

  /** Whether somebody would have to wait now. */
  full(address: string, alone: boolean): boolean {
    const lane = this.#lanes.get(address)
    return lane !== undefined && (lane.queue.length > 0 || !hasRoom(lane, alone))
  }

  /** Resolves once it is in: true; or when it may wait no longer, or has left: false. */
  async enter(address: string, guest: Guest): Promise<boolean> {
    const lane = this.#laneOf(address)
    if (lane.queue.length === 0 && hasRoom(lane, guest.alone)) {
      lane.inside.set(guest, this.#clock.ticks())
      return true
    }
    if (lane.queue.length >= longestQueue) return false
    const decided = Promise.withResolvers<boolean>()
    const late = this.#clock.after(longestWaitMs, () => this.leave(address, guest))
    lane.queue.push({ guest, decide: decided.resolve })
    this.#watch(lane)
    try {
      return await decided.promise
    } finally {
      late.cancel()
    }
  }

  /** Safe to call twice. */
  leave(address: string, guest: Guest): void {
    const lane = this.#lanes.get(address)
    if (lane === undefined) return
    lane.inside.delete(guest)
    const at = lane.queue.findIndex((waiter) => waiter.guest === guest)
    if (at >= 0) for (const waiter of lane.queue.splice(at, 1)) waiter.decide(false)
    this.#move(address, lane)
  }

  /** Lets nobody else in for now, so that of those inside one after another is settled. */
  stop(address: string, stopped: boolean): void {
    const lane = this.#lanes.get(address)
    if (lane === undefined) return
    lane.stopped = stopped
    this.#move(address, lane)
  }

  #laneOf(address: string): Lane {
    let lane = this.#lanes.get(address)
    if (lane === undefined) {
      lane = { inside: new Map(), queue: [], stopped: false, timer: undefined }
      this.#lanes.set(address, lane)
    }
    return lane
  }

  #move(address: string, lane: Lane): void {
    for (
      let next = lane.queue[0];
      next !== undefined && hasRoom(lane, next.guest.alone);
      next = lane.queue[0]
    ) {
      lane.queue.shift()
      lane.inside.set(next.guest, this.#clock.ticks())
      next.decide(true)
    }
    if (lane.inside.size === 0 && lane.queue.length === 0) {
      lane.timer?.cancel()
      this.#lanes.delete(address)
    }
  }

  /** Looks after those that are in for too long, as long as somebody waits. */
  #watch(lane: Lane): void {
    if (lane.timer !== undefined) return
    lane.timer = this.#clock.after(longestStayMs / 10, () => {
      lane.timer = undefined
      if (lane.queue.length === 0) return
      const latest = this.#clock.ticks() - longestStayMs
      for (const [guest, since] of lane.inside) if (since <= latest) guest.overstay()
      if (lane.queue.length > 0) this.#watch(lane)
    })
  }
}

function hasRoom({ inside, stopped }: Lane, alone: boolean): boolean {
  if (inside.size === 0) return true
  if (alone || stopped) return false
  for (const guest of inside.keys()) if (guest.alone) return false
  return true
}
