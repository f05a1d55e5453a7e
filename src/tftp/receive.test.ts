import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  beginReceive,
  stepReceive,
  type ReceiveInput,
  type ReceiveOutput,
  type ReceiveState,
} from './receive.ts'

class Script {
  now = 0
  state: ReceiveState

  constructor(how: { verified?: boolean; window?: number; mostWaiting?: number } = {}) {
    const all = { verified: false, window: 1, rollover: 0, mostWaiting: Infinity, ...how } as const
    this.state = beginReceive(all, 0)[0]
  }

  in(input: ReceiveInput, after = 0): string {
    this.now += after
    const [state, outputs] = stepReceive(this.state, input, this.now)
    this.state = state
    return outputs.map(words).join(' ')
  }

  data(number: number, last = false): string {
    return this.in({ kind: 'data', number, last }, 5)
  }

  time(after: number): string {
    return this.in({ kind: 'time' }, after)
  }
}

function words(output: ReceiveOutput): string {
  if (output.kind === 'take') return `take${output.block}${output.last ? '!' : ''}`
  if (output.kind === 'ack') return `ack${output.number}`
  return output.kind
}

test('RFC 1350 upload: each block is taken and acknowledged, the last one when the file is safe', () => {
  const script = new Script()
  assert.equal(script.data(1), 'take1 ack1')
  assert.equal(script.data(2, true), 'take2!')
  assert.equal(script.data(2, true), '', 'not safe yet, so not acknowledged')
  assert.equal(script.in({ kind: 'kept' }), 'ack2')
})

test('RFC 1350 upload: the last ACK lingers, and its timer is not moved by echoes', () => {
  const script = new Script()
  script.data(1, true)
  script.in({ kind: 'kept' })
  const { deadline } = script.state.pace
  assert.equal(script.data(1, true), 'ack1')
  assert.equal(script.state.pace.deadline, deadline)
  assert.equal(script.time(deadline - script.now), 'done')
  assert.equal(script.data(1, true), '')
})

test('a block that came before is acknowledged again, older ones are not', () => {
  const script = new Script()
  script.data(1)
  script.data(2)
  assert.equal(script.data(2), 'ack2')
  assert.equal(script.data(1), '')
  assert.equal(script.data(4), '', 'a gap in lockstep is nonsense')
  assert.equal(script.data(3), 'take3 ack3')
})

test('RFC 7440 upload: a window has one ACK, and a gap is told once', () => {
  const script = new Script({ window: 4 })
  assert.equal(script.data(1), 'take1')
  assert.equal(script.data(3), 'ack1')
  assert.equal(script.data(4), '')
  assert.equal(script.data(2), 'take2')
  assert.equal(script.data(3), 'take3')
  assert.equal(script.data(4), 'take4')
  assert.equal(script.data(5), 'take5 ack5')
})

test('a store that is slow holds the ACK back', () => {
  const script = new Script({ mostWaiting: 2 })
  assert.equal(script.data(1), 'take1 ack1')
  assert.equal(script.data(2), 'take2 ack2')
  assert.equal(script.data(3), 'take3')
  assert.equal(script.data(3), '', 'nor is it acknowledged by an echo')
  assert.equal(script.time(1e6), '')
  assert.equal(script.in({ kind: 'stored', block: 1 }), 'ack3')
})

test('silence is answered with the last ACK again, and ends the transfer in the end', () => {
  const script = new Script({ window: 4 })
  script.data(1)
  assert.equal(script.time(script.state.pace.deadline - script.now), 'ack1')
  let said = ''
  while (said === '' || said === 'ack1') said = script.time(script.state.pace.deadline - script.now)
  assert.equal(said, 'failed')
})

test('a peer that was not heard of is answered once for each time it asks', () => {
  const script = new Script()
  assert.equal(script.time(9000), '')
  assert.equal(script.in({ kind: 'asked-again' }), 'offer')
  assert.equal(script.time(9000), 'failed')
})

test('blocks go on past 65535', () => {
  const script = new Script()
  let last = ''
  for (let block = 1; block <= 65_537; block += 1) last = script.data(block % 65_536)
  assert.equal(last, 'take65537 ack1')
})
