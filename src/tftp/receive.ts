import { blockNumber, blocksAhead, type Rollover } from './block-number.ts'
import { again, moved, newPace, paused, type Pace } from './pace.ts'

/** The side that receives the file. Blocks are counted from 1 and never wrap in here. */
export interface ReceiveState {
  /**
   * `offering`: OACK or ACK 0 was sent and no block has come. `storing`: the last block has come, and the file is not
   * safe yet. `lingering`: the last ACK was sent, and may have to be sent again.
   */
  readonly phase: 'offering' | 'receiving' | 'storing' | 'lingering' | 'over'
  readonly verified: boolean
  readonly window: number
  readonly rollover: Rollover
  /** The last block that came in order. */
  readonly received: number
  /** The last one that was acknowledged. */
  readonly acked: number
  /** The last one that the store has taken. */
  readonly stored: number
  /** How many blocks may wait for the store; then the next ACK waits too. */
  readonly mostWaiting: number
  /** Whether an ACK waits for the store. */
  readonly owing: boolean
  /** Whether the peer was told of the gap that it is in. */
  readonly gapTold: boolean
  /** Whether the last ACK was said twice. */
  readonly resent: boolean
  readonly ackedAt: number
  readonly pace: Pace
}

export type ReceiveInput =
  /** A block came; `last`: it is shorter than a block. */
  | { readonly kind: 'data'; readonly number: number; readonly last: boolean }
  /** The store has taken the blocks up to this one. */
  | { readonly kind: 'stored'; readonly block: number }
  /** The whole file is safe. */
  | { readonly kind: 'kept' }
  | { readonly kind: 'asked-again' }
  | { readonly kind: 'time' }

export type ReceiveOutput =
  | { readonly kind: 'offer' }
  /** The block that just came is the next of the file. */
  | { readonly kind: 'take'; readonly block: number; readonly last: boolean }
  | { readonly kind: 'ack'; readonly number: number }
  /** The last ACK has lingered long enough. */
  | { readonly kind: 'done' }
  | { readonly kind: 'failed'; readonly reason: string }

export interface ReceiveBeginning {
  /** Whether the peer is known to be there: for a client, who asked; not for a server, who was. */
  readonly verified: boolean
  readonly window: number
  readonly rollover: Rollover
  readonly mostWaiting: number
  readonly timeoutMs?: number | undefined
  /** How long the peer may be silent, where somebody has said it. */
  readonly silenceMs?: number | undefined
}

const unverifiedMs = 15_000

/** How long the last ACK lingers: tftp-hpa sends its last block again after 5 s. */
const lingerMs = 6000

/** A number further ahead than this is one of the past. */
const halfOfAll = 32_768

/** Begins to receive a file: says OACK or ACK 0. */
export function beginReceive(how: ReceiveBeginning, now: number): [ReceiveState, ReceiveOutput[]] {
  const { verified, window, rollover, mostWaiting, timeoutMs, silenceMs } = how
  const pace = newPace(now, timeoutMs, silenceMs)
  const state: ReceiveState = {
    phase: verified ? 'receiving' : 'offering',
    verified,
    window,
    rollover,
    received: 0,
    acked: 0,
    stored: 0,
    mostWaiting,
    owing: false,
    gapTold: false,
    resent: false,
    ackedAt: now,
    pace: verified ? pace : { ...pace, deadline: now + unverifiedMs },
  }
  return [state, [{ kind: 'offer' }]]
}

/** One step of the side that receives. */
export function stepReceive(
  state: ReceiveState,
  input: ReceiveInput,
  now: number,
): [ReceiveState, ReceiveOutput[]] {
  switch (input.kind) {
    case 'data':
      return dataCame(state, input, now)
    case 'stored': {
      const stored = { ...state, stored: input.block }
      return state.owing && state.phase === 'receiving' ? acknowledge(stored, now) : [stored, []]
    }
    case 'kept':
      return state.phase === 'storing' ? lastAck(state, now) : [state, []]
    case 'asked-again':
      return [state, state.received === 0 ? [{ kind: 'offer' }] : []]
    case 'time':
      return now < state.pace.deadline ? [state, []] : timeIsUp(state, now)
  }
}

function dataCame(
  state: ReceiveState,
  { number, last }: { readonly number: number; readonly last: boolean },
  now: number,
): [ReceiveState, ReceiveOutput[]] {
  if (state.phase === 'over' || state.phase === 'storing') return [state, []]
  const ahead = blocksAhead(state.received, number, state.rollover)
  if (ahead === 0) return repeated(state)
  if (state.phase === 'lingering' || ahead === undefined || ahead > halfOfAll) return [state, []]
  if (ahead > 1) return gap(state)
  return inOrder(state, last, now)
}

/** The end of the last window came again: our ACK was lost. In any other place it is an echo. */
function repeated(state: ReceiveState): [ReceiveState, ReceiveOutput[]] {
  const lost = state.received > 0 && state.received === state.acked && !state.owing
  return lost ? [{ ...state, resent: true }, [ackOf(state)]] : [state, []]
}

/** RFC 7440 §4: a block is missing; the last one in order is acknowledged, once, and the sender begins anew there. */
function gap(state: ReceiveState): [ReceiveState, ReceiveOutput[]] {
  if (state.window === 1 || state.gapTold || state.owing) return [state, []]
  return [{ ...state, gapTold: true, resent: true, acked: state.received }, [ackOf(state)]]
}

function inOrder(state: ReceiveState, last: boolean, now: number): [ReceiveState, ReceiveOutput[]] {
  const block = state.received + 1
  const take: ReceiveOutput = { kind: 'take', block, last }
  const first = state.received === state.acked && !state.resent
  const next: ReceiveState = {
    ...state,
    phase: last ? 'storing' : 'receiving',
    verified: true,
    received: block,
    gapTold: false,
    resent: state.received === state.acked ? false : state.resent,
    pace: moved(state.pace, now, first ? now - state.ackedAt : undefined),
  }
  if (last) return [{ ...next, pace: paused(next.pace) }, [take]]
  if (block - state.acked < state.window) return [next, [take]]
  const [after, outputs] = acknowledge(next, now)
  return [after, [take, ...outputs]]
}

/** Acknowledges what came, once the store has room for more. */
function acknowledge(state: ReceiveState, now: number): [ReceiveState, ReceiveOutput[]] {
  if (state.received - state.stored > state.mostWaiting)
    return [{ ...state, owing: true, pace: paused(state.pace) }, []]
  const next: ReceiveState = {
    ...state,
    owing: false,
    resent: false,
    acked: state.received,
    ackedAt: now,
    pace: moved(state.pace, now),
  }
  return [next, [ackOf(next)]]
}

function lastAck(state: ReceiveState, now: number): [ReceiveState, ReceiveOutput[]] {
  const pace = { ...state.pace, deadline: now + lingerMs }
  const next: ReceiveState = { ...state, phase: 'lingering', acked: state.received, owing: false, pace }
  return [next, [ackOf(next)]]
}

function timeIsUp(state: ReceiveState, now: number): [ReceiveState, ReceiveOutput[]] {
  if (state.phase === 'over') return [state, []]
  if (state.phase === 'lingering') return [{ ...state, phase: 'over' }, [{ kind: 'done' }]]
  const pace = state.verified ? again(state.pace, now) : undefined
  if (pace === undefined) {
    const seconds = Math.round((now - state.pace.movedAt) / 1000)
    return [{ ...state, phase: 'over' }, [{ kind: 'failed', reason: `nothing came for ${seconds} s` }]]
  }
  const next = { ...state, pace, resent: true, gapTold: false, acked: state.received }
  return [next, [state.received === 0 ? { kind: 'offer' } : ackOf(state)]]
}

function ackOf({ received, rollover }: ReceiveState): ReceiveOutput {
  return { kind: 'ack', number: blockNumber(received, rollover) }
}
