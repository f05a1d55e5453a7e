import { blocksAhead, type Rollover } from './block-number.ts'
import { again, moved, newPace, paused, type Pace } from './pace.ts'

/** The side that sends the file. Blocks are counted from 1 and never wrap in here. */
export interface SendState {
  /** `offering`: an OACK was sent and is not acknowledged. */
  readonly phase: 'offering' | 'sending' | 'over'
  /** Whether the peer has answered: until then its address may be forged, and nothing is said again by ourselves. */
  readonly verified: boolean
  readonly window: number
  readonly rollover: Rollover
  readonly acked: number
  readonly sent: number
  /** The last block that can be sent. */
  readonly ready: number
  /** Whether that is the last of the file. */
  readonly whole: boolean
  /** Whether anything of what is on its way was sent twice: then an answer measures no round trip. */
  readonly resent: boolean
  /** Whether an ACK of the block before the window may mean that the window was lost; see `repeated`. */
  readonly believing: boolean
  /** When the last blocks left. */
  readonly sentAt: number
  readonly pace: Pace
}

export type SendInput =
  /** Blocks up to this one can be sent; `whole`: it is the last of the file. */
  | { readonly kind: 'ready'; readonly block: number; readonly whole: boolean }
  | { readonly kind: 'ack'; readonly number: number }
  /** The peer has sent its request once more. */
  | { readonly kind: 'asked-again' }
  | { readonly kind: 'time' }

export type SendOutput =
  | { readonly kind: 'offer' }
  | { readonly kind: 'data'; readonly from: number; readonly to: number }
  /** Every block was acknowledged. */
  | { readonly kind: 'done' }
  | { readonly kind: 'failed'; readonly reason: string }

export interface SendBeginning {
  /** Whether an OACK goes first. */
  readonly offer: boolean
  /** Whether the peer is known to be there: for a client, who asked; not for a server, who was. */
  readonly verified: boolean
  readonly window: number
  readonly rollover: Rollover
  readonly timeoutMs?: number | undefined
  /** How long the peer may be silent, where somebody has said it. */
  readonly silenceMs?: number | undefined
}

/** How long a peer that never answered is waited for: longer than clients wait before they ask again. */
const unverifiedMs = 15_000

/** Begins to send a file. */
export function beginSend(how: SendBeginning, now: number): [SendState, SendOutput[]] {
  const { offer, verified, window, rollover, timeoutMs, silenceMs } = how
  const pace = newPace(now, timeoutMs, silenceMs)
  const state: SendState = {
    phase: offer ? 'offering' : 'sending',
    verified,
    window,
    rollover,
    acked: 0,
    sent: 0,
    ready: 0,
    whole: false,
    resent: false,
    believing: true,
    sentAt: now,
    pace: verified ? pace : { ...pace, deadline: now + unverifiedMs },
  }
  return [state, offer ? [{ kind: 'offer' }] : []]
}

/** One step of the side that sends. */
export function stepSend(state: SendState, input: SendInput, now: number): [SendState, SendOutput[]] {
  if (state.phase === 'over') return [state, []]
  switch (input.kind) {
    case 'ready':
      return sendMore({ ...state, ready: input.block, whole: input.whole }, now)
    case 'ack':
      return acknowledged(state, input.number, now)
    case 'asked-again':
      return state.verified ? [state, []] : [{ ...state, resent: true }, whatWasSaid(state)]
    case 'time':
      return now < state.pace.deadline ? [state, []] : timeIsUp(state, now)
  }
}

function acknowledged(state: SendState, number: number, now: number): [SendState, SendOutput[]] {
  if (state.phase === 'offering') {
    if (number !== 0) return [state, []]
    const pace = moved(state.pace, now, state.resent ? undefined : now - state.sentAt)
    return sendMore({ ...state, phase: 'sending', verified: true, pace, resent: false }, now)
  }
  const ahead = blocksAhead(state.acked, number, state.rollover)
  // An old ACK, or one of the future: it is not answered, and the deadline stays where it is.
  if (ahead === undefined || ahead > state.sent - state.acked) return [state, []]
  return ahead === 0 ? repeated(state, now) : progress(state, state.acked + ahead, now)
}

function progress(state: SendState, acked: number, now: number): [SendState, SendOutput[]] {
  if (state.whole && acked === state.ready) return [{ ...state, acked, phase: 'over' }, [{ kind: 'done' }]]
  const cut = acked < state.sent
  const pace = moved(state.pace, now, state.resent || cut ? undefined : now - state.sentAt)
  // RFC 7440 §4: what was sent behind the acknowledged block is lost, and the next window begins there.
  const to = Math.min(state.ready, acked + state.window)
  const next: SendState = {
    phase: state.phase,
    verified: true,
    window: state.window,
    rollover: state.rollover,
    acked,
    sent: to,
    ready: state.ready,
    whole: state.whole,
    resent: cut,
    believing: !state.resent && !cut,
    sentAt: to > acked ? now : state.sentAt,
    pace: to > acked ? pace : paused(pace),
  }
  return [next, to > acked ? [{ kind: 'data', from: acked + 1, to }] : []]
}

/**
 * The peer acknowledges once more what it has. In lockstep it is an echo of a retransmission; to answer it would
 * double every packet from here on (RFC 1123 §4.2.3.1). In a window it may mean that its first block was lost: it is
 * believed once, and not again before a whole window went through that nothing was sent twice in.
 */
function repeated(state: SendState, now: number): [SendState, SendOutput[]] {
  if (state.window === 1 || state.resent || !state.believing || state.sent === state.acked) return [state, []]
  return sendMore({ ...state, sent: state.acked, resent: true }, now)
}

/** Sends what the window has room for. */
function sendMore(state: SendState, now: number): [SendState, SendOutput[]] {
  if (state.phase !== 'sending') return [state, []]
  // One datagram, and not a window of them, to a peer that may not be there.
  const to = Math.min(state.ready, state.acked + (state.verified ? state.window : 1))
  if (to <= state.sent) return [state.sent > state.acked ? state : { ...state, pace: idle(state) }, []]
  const pace = Number.isFinite(state.pace.deadline) ? state.pace : moved(state.pace, now)
  return [{ ...state, sent: to, sentAt: now, pace }, [{ kind: 'data', from: state.sent + 1, to }]]
}

/** Nothing is on its way: the next blocks are not read yet, and that is not the peer's fault. */
function idle(state: SendState): Pace {
  return state.verified ? paused(state.pace) : state.pace
}

function timeIsUp(state: SendState, now: number): [SendState, SendOutput[]] {
  const pace = state.verified ? again(state.pace, now) : undefined
  if (pace === undefined) {
    const seconds = Math.round((now - state.pace.movedAt) / 1000)
    return [{ ...state, phase: 'over' }, [{ kind: 'failed', reason: `no answer came for ${seconds} s` }]]
  }
  return [{ ...state, pace, resent: true, believing: false }, whatWasSaid(state)]
}

function whatWasSaid(state: SendState): SendOutput[] {
  if (state.phase === 'offering') return [{ kind: 'offer' }]
  return state.sent > state.acked ? [{ kind: 'data', from: state.acked + 1, to: state.sent }] : []
}
