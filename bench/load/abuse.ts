import { connect, type Socket } from 'node:net'
import { setTimeout as pause } from 'node:timers/promises'
import type { Address } from './task.ts'

/** What somebody does to a server so that others are hurt, from a thousand addresses, for a time. */
export interface AbuseDeed {
  /** `crowd`: connections that say nothing. `slow`: logins, a byte a second. `spray`: wrong passwords, as fast as they are taken. */
  readonly attack: 'crowd' | 'slow' | 'spray'
  readonly at: Address
  /** How many connections at once. */
  readonly count: number
  readonly seconds: number
}

/** How many addresses it comes from. */
const addresses = 1000

/** How many connect in the same moment: more would be turned away by the queue of the system, and hurt nobody. */
const atOnce = 50

/** Does it until the time is over. Says how many connections stood at the most. */
export async function abuse({ attack, at, count, seconds }: AbuseDeed): Promise<string> {
  const ends = performance.now() + seconds * 1000
  const standing = new Set<Socket>()
  let most = 0
  const one = async (index: number): Promise<void> => {
    await pause(Math.floor(index / atOnce) * 10)
    while (performance.now() < ends) {
      const socket = connect({ host: '127.0.0.1', port: at.port, localAddress: addressOf(index) })
      standing.add(socket)
      most = Math.max(most, standing.size)
      await hurt[attack](socket, index, ends)
      socket.destroy()
      standing.delete(socket)
      // Who was turned away tries again, and is no faster than that.
      await pause(200)
    }
  }
  await Promise.all(Array.from({ length: count }, (_, index) => one(index)))
  return String(most)
}

/** 127.1.0.1 and so on: never the address of those who are hurt. */
function addressOf(index: number): string {
  const number = index % addresses
  return `127.1.${Math.floor(number / 250)}.${(number % 250) + 1}`
}

type Hurt = (socket: Socket, index: number, ends: number) => Promise<void>

const hurt: Readonly<Record<AbuseDeed['attack'], Hurt>> = {
  async crowd(socket, _index, ends) {
    await over(socket, ends)
  },
  async slow(socket, index, ends) {
    let said = 0
    const line = `USER somebody-${index}\r\nPASS nothing\r\n`
    const timer = setInterval(() => {
      socket.write(line[said % line.length] ?? '')
      said += 1
    }, 1000)
    await over(socket, ends)
    clearInterval(timer)
  },
  async spray(socket, index, ends) {
    let tries = 0
    socket.setEncoding('latin1')
    socket.on('data', (text: string) => {
      if (/^331 /mu.test(text)) socket.write(`PASS guess-${tries}\r\n`)
      else if (/^(?:220|530) /mu.test(text))
        socket.write(`USER ${tries % 2 === 0 ? 'bench' : `user-${index}`}\r\n`)
      tries += 1
    })
    await over(socket, ends)
  },
}

/** Until the other side has closed it, or the time is over. */
function over(socket: Socket, ends: number): Promise<void> {
  return new Promise((done) => {
    const timer = setTimeout(done, Math.max(0, ends - performance.now()))
    socket.on('error', () => undefined)
    socket.resume()
    socket.on('close', () => {
      clearTimeout(timer)
      done()
    })
  })
}
