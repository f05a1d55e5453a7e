import assert from 'node:assert/strict'
import { test } from 'node:test'
import { MessageChannel, type MessagePort } from 'node:worker_threads'
import type { Ledger } from '../core/ledger.ts'
import { conformsLedger } from '../testing/conforms-ledger.ts'
import { link, type Line } from './link.ts'
import { memoryLedger } from './memory.ts'

function lineOf(port: MessagePort): Line & { posted: number } {
  const line = {
    posted: 0,
    post(value: unknown) {
      line.posted += 1
      port.postMessage(value)
    },
    onMessage: (take: (value: unknown) => void) => void port.on('message', take),
  }
  return line
}

/** Two ends of a line, and what went wrong at the second. */
function ends<Theirs extends object>(ours: object) {
  const { port1, port2 } = new MessageChannel()
  const errors: Error[] = []
  const line = lineOf(port1)
  const near = link<Theirs>(line, {}, () => undefined)
  link(lineOf(port2), ours, (error) => errors.push(error))
  return { near, line, errors, end: async () => port1.close() }
}

conformsLedger('a ledger at the other end of a link', async (clock) => {
  const { near, end } = ends<Ledger>(memoryLedger(clock))
  return { ledger: near.ask, end }
})

test('what is said in one turn goes in one message', async () => {
  const heard: number[] = []
  const { near, line, end } = ends<{ hear(value: number): void; count(): number }>({
    hear: (value: number) => void heard.push(value),
    count: () => heard.length,
  })
  for (let at = 0; at < 100; at += 1) near.tell.hear(at)
  assert.equal(await near.ask.count(), 100)
  assert.equal(line.posted, 1)
  await end()
})

test('what the other side throws is thrown here', async () => {
  const { near, end } = ends<{ fail(): void }>({
    fail() {
      throw new RangeError('too much')
    },
  })
  await assert.rejects(near.ask.fail(), { name: 'RangeError', message: 'too much' })
  await end()
})

test('nothing but what is offered can be asked for', async () => {
  const { near, errors, end } = ends<{ toString(): string; more(): void; seen(): number }>({
    seen: () => errors.length,
  })
  await assert.rejects(near.ask.more(), /asks for more/u)
  await assert.rejects(near.ask.toString(), /asks for toString/u)
  near.tell.more()
  await near.ask.seen()
  assert.equal(await near.ask.seen(), 1)
  await end()
})

test('whoever waits for a side that is gone is told so, and so is whoever comes later', async () => {
  const { near, end } = ends<{ never(): Promise<void> }>({ never: () => new Promise(() => undefined) })
  const asked = near.ask.never()
  near.cut(new Error('it is gone'))
  await assert.rejects(asked, /it is gone/u)
  await assert.rejects(near.ask.never(), /it is gone/u)
  near.tell.never()
  await end()
})
