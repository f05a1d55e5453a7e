import assert from 'node:assert/strict'
import { test } from 'node:test'
import { blockNumber, type Rollover } from './block-number.ts'
import { beginReceive, stepReceive, type ReceiveInput, type ReceiveOutput } from './receive.ts'
import { beginSend, stepSend, type SendInput, type SendOutput } from './send.ts'

interface Channel {
  readonly loss: number
  readonly duplication: number
  /** Datagrams take up to so long, each its own time: so they overtake one another. */
  readonly delayMs: number
}

interface Outcome {
  readonly received: readonly number[]
  readonly whole: boolean
  readonly sender: 'done' | 'failed'
  readonly packets: number
}

const halfHour = 1_800_000

/** Both machines over a channel that is as bad as told, event by event, by chance that the seed decides. */
function simulate(
  seed: number,
  blocks: number,
  window: number,
  rollover: Rollover,
  channel: Channel,
): Outcome {
  const random = randomFrom(seed)
  const queue: { at: number; run: () => void }[] = []
  let now = 0
  let packets = 0
  const received: number[] = []
  let whole = false
  const end: { sender?: Outcome['sender']; receiver?: true } = {}
  let [sending] = beginSend({ offer: false, verified: true, window, rollover }, now)
  const receiving = beginReceive({ verified: true, window, rollover, mostWaiting: Infinity }, now)
  let taking = receiving[0]

  const enqueue = (at: number, run: () => void): void => {
    // The soonest last; of two at once the first to come is the first to go.
    let place = queue.length
    while (place > 0 && (queue[place - 1]?.at ?? 0) <= at) place -= 1
    queue.splice(place, 0, { at, run })
  }
  const carry = (run: () => void): void => {
    packets += 1
    const copies = random() < channel.loss ? 0 : random() < channel.duplication ? 2 : 1
    for (let copy = 0; copy < copies; copy += 1) enqueue(now + 1 + random() * channel.delayMs, run)
  }
  const send = (input: SendInput): void => {
    const [state, outputs] = stepSend(sending, input, now)
    sending = state
    outputs.forEach(sent)
  }
  const sent = (output: SendOutput): void => {
    if (output.kind === 'done' || output.kind === 'failed') end.sender = output.kind
    if (output.kind !== 'data') return
    for (let block = output.from; block <= output.to; block += 1) {
      const number = blockNumber(block, rollover)
      carry(() => receive({ kind: 'data', number, last: block === blocks }, block))
    }
  }
  const receive = (input: ReceiveInput, content?: number): void => {
    const [state, outputs] = stepReceive(taking, input, now)
    taking = state
    for (const output of outputs) answered(output, content)
  }
  const answered = (output: ReceiveOutput, content?: number): void => {
    if (output.kind === 'ack') carry(() => send({ kind: 'ack', number: output.number }))
    if (output.kind === 'take') {
      if (content !== undefined) received.push(content)
      if (output.last) enqueue(now + 3, kept)
    }
    if (output.kind === 'done' || output.kind === 'failed') end.receiver = true
  }
  const kept = (): void => {
    whole = true
    receive({ kind: 'kept' })
  }
  send({ kind: 'ready', block: blocks, whole: true })
  while (end.sender === undefined || end.receiver === undefined) {
    const ofSender = end.sender === undefined ? sending.pace.deadline : Infinity
    const deadline = Math.min(ofSender, end.receiver ? Infinity : taking.pace.deadline)
    const next = queue.at(-1)
    assert.ok(next !== undefined || Number.isFinite(deadline), `seed ${seed}: both wait for ever`)
    if (next !== undefined && next.at <= deadline) {
      now = next.at
      queue.pop()
      next.run()
    } else {
      now = deadline
      send({ kind: 'time' })
      receive({ kind: 'time' })
    }
    assert.ok(now < halfHour, `seed ${seed}: it does not end`)
  }
  return { received, whole, sender: end.sender, packets }
}

/** mulberry32. */
function randomFrom(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}

const windows = [1, 2, 4, 16, 64] as const
const seedsEach = 60

for (const loss of [0, 0.01, 0.05, 0.2]) {
  test(`with ${loss * 100} % loss, doubles and disorder every transfer ends, and what arrives is the file or a failure`, () => {
    let unheard = 0
    let lost = 0
    for (const window of windows) {
      for (let seed = 1; seed <= seedsEach; seed += 1) {
        const channel = { loss, duplication: seed % 3 === 0 ? 0.1 : 0, delayMs: seed % 2 === 0 ? 20 : 1 }
        const blocks = 1 + ((seed * 37) % 300)
        const { received, whole, sender } = simulate(
          seed * 1000 + window,
          blocks,
          window,
          seed % 2 === 0 ? 0 : 1,
          channel,
        )
        assert.ok(
          received.every((block, index) => block === index + 1),
          `seed ${seed}, window ${window}: blocks out of order`,
        )
        if (whole) assert.equal(received.length, blocks)
        // The sender may fail to hear the last ACK; it may never call whole what is not.
        if (sender === 'done') assert.ok(whole, `seed ${seed}, window ${window}: done and not whole`)
        if (sender === 'failed') unheard += 1
        if (!whole) lost += 1
      }
    }
    assert.equal(lost, 0)
    // Where the last ACK is lost three times and more, the sender cannot know: it says failed, never done.
    assert.ok(unheard <= (loss < 0.2 ? 0 : 15), `${unheard} of ${windows.length * seedsEach} not heard`)
  })
}

test('past block 65535 nothing is lost or taken twice, whichever number follows', () => {
  for (const rollover of [0, 1] as const) {
    const channel = { loss: 0.001, duplication: 0.001, delayMs: 0 }
    const { received, sender } = simulate(7, 66_000, 64, rollover, channel)
    assert.equal(sender, 'done')
    assert.equal(received.length, 66_000)
  }
})

test('doubled datagrams do not multiply: what is sent stays near what must be', () => {
  for (const window of windows) {
    const channel = { loss: 0, duplication: 1, delayMs: 0 }
    const { packets } = simulate(3, 1000, window, 0, channel)
    const least = 1000 + Math.ceil(1000 / window)
    assert.ok(packets < least * 2.1, `window ${window}: ${packets} packets, ${least} would do`)
  }
})
