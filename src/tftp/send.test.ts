import assert from 'node:assert/strict'
import { test } from 'node:test'
import { beginSend, stepSend, type SendInput, type SendOutput, type SendState } from './send.ts'

/** A script: inputs at their times, and what is said to each. */
class Script {
  now = 0
  state: SendState

  constructor(how: { offer?: boolean; verified?: boolean; window?: number; timeoutMs?: number }) {
    const all = { offer: false, verified: true, window: 1, rollover: 0, ...how } as const
    this.state = beginSend(all, 0)[0]
  }

  in(input: SendInput, after = 0): string {
    this.now += after
    const [state, outputs] = stepSend(this.state, input, this.now)
    this.state = state
    return outputs.map(words).join(' ')
  }

  ready(block: number, whole = false): string {
    return this.in({ kind: 'ready', block, whole })
  }

  ack(number: number, after = 10): string {
    return this.in({ kind: 'ack', number }, after)
  }

  time(after: number): string {
    return this.in({ kind: 'time' }, after)
  }
}

function words(output: SendOutput): string {
  if (output.kind === 'data') return `${output.from}-${output.to}`
  return output.kind === 'failed' ? `failed: ${output.reason}` : output.kind
}

test('RFC 1350 lockstep: a block for each ACK, and done at the last', () => {
  const script = new Script({})
  assert.equal(script.ready(1), '1-1')
  assert.equal(script.ack(1), '')
  assert.equal(script.ready(2, true), '2-2')
  assert.equal(script.ack(2), 'done')
  assert.equal(script.ack(2), '')
})

test("RFC 1123 Sorcerer's Apprentice: an old ACK is never answered and does not move the deadline", () => {
  const script = new Script({})
  script.ready(1)
  script.ack(1)
  assert.equal(script.ready(2), '2-2')
  const { deadline } = script.state.pace
  for (const number of [1, 1, 0, 65_535, 3, 40_000]) assert.equal(script.ack(number, 1), '')
  assert.equal(script.state.pace.deadline, deadline)
})

test('RFC 7440 window: an ACK inside the window restarts right behind it, at once', () => {
  const script = new Script({ window: 4 })
  assert.equal(script.ready(4), '1-4')
  assert.equal(script.ack(2), '3-4')
  assert.equal(script.ready(6), '5-6')
  assert.equal(script.ack(6), '')
  assert.equal(script.ready(10), '7-10')
})

test('RFC 7440 window: a lost first block is sent again at once, and an echo of that is not believed', () => {
  const script = new Script({ window: 4 })
  script.ready(4)
  script.ack(4)
  assert.equal(script.ready(8), '5-8')
  assert.equal(script.ack(4), '5-8')
  assert.equal(script.ack(4), '')
  assert.equal(script.ack(8), '')
  assert.equal(script.ready(12), '9-12')
  assert.equal(script.ack(8), '', 'the echo of what was sent twice')
  script.ack(12)
  assert.equal(script.ready(16), '13-16')
  assert.equal(script.ack(12), '13-16', 'a whole window went through in between')
})

test('RFC 2347 OACK: block 0 acknowledges it, and only then data flows', () => {
  const script = new Script({ offer: true, verified: false, window: 8 })
  assert.equal(script.ack(1), '')
  assert.equal(script.ack(0), '')
  assert.equal(script.ready(8), '1-8')
})

test('a peer that was not heard of gets one datagram, and one more for each time it asks', () => {
  const script = new Script({ verified: false })
  assert.equal(script.ready(1), '1-1')
  assert.equal(script.time(5000), '')
  assert.equal(script.in({ kind: 'asked-again' }), '1-1')
  assert.equal(script.time(20_000), 'failed: no answer came for 25 s')
  assert.equal(new Script({ verified: false, window: 4 }).ready(4), '1-1', 'nor is it sent a window')
})

test('silence doubles the wait, and ends the transfer after half a minute', () => {
  const script = new Script({})
  script.ready(1)
  const waits: number[] = []
  for (;;) {
    const wait = script.state.pace.deadline - script.now
    waits.push(wait)
    assert.equal(script.time(wait - 1), '')
    const said = script.time(1)
    if (said !== '1-1') {
      assert.match(said, /^failed/)
      break
    }
  }
  assert.deepEqual(waits.slice(0, 5), [1000, 2000, 4000, 8000, 8000])
  assert.ok(script.now >= 30_000 && script.now < 45_000, String(script.now))
})

test('the wait follows the round trip between limits, and a retransmission measures none', () => {
  const script = new Script({})
  for (let block = 1; block < 30; block += 1) {
    script.ready(block)
    script.ack(block, 1)
  }
  script.ready(30)
  assert.equal(script.state.pace.deadline - script.now, 100)
  assert.equal(script.time(100), '30-30')
  const { smoothedMs } = script.state.pace
  script.ack(30, 5000)
  assert.equal(script.state.pace.smoothedMs, smoothedMs)
})

test('the timeout that was agreed is the first wait', () => {
  const script = new Script({ timeoutMs: 7000 })
  script.ready(1)
  assert.equal(script.state.pace.deadline, 7000)
})

test('while the file is being read nobody is waited for', () => {
  const script = new Script({})
  script.ready(1)
  script.ack(1)
  assert.equal(script.state.pace.deadline, Infinity)
  assert.equal(script.time(1e6), '')
  assert.equal(script.ready(2), '2-2')
  assert.ok(Number.isFinite(script.state.pace.deadline))
})
