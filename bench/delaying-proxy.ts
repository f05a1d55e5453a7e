import { connect, createServer, type AddressInfo, type Socket } from 'node:net'

/** A port that leads to another one of this machine by a way that takes as long as one likes. */
export interface DelayingProxy {
  readonly port: number
  close(): void
}

/** Each byte arrives half a round trip later than it was sent; how many are on the way is not limited. `once`: one connection. */
export function delayingProxy(to: number, roundTripMs: number, once = false): Promise<DelayingProxy> {
  const server = createServer({ noDelay: true, allowHalfOpen: true }, (near) => {
    if (once) server.close()
    const far = connect({ port: to, host: '127.0.0.1', noDelay: true, allowHalfOpen: true })
    pass(near, far, roundTripMs / 2)
    pass(far, near, roundTripMs / 2)
  })
  return new Promise((done) => {
    server.listen(0, '127.0.0.1', () =>
      done({ port: (server.address() as AddressInfo).port, close: () => server.close() }),
    )
  })
}

/** Passes on what comes from one to the other, so much later. */
export function pass(from: Socket, to: Socket, ms: number): void {
  const take = passingLater(to, ms)
  from.on('data', take).once('end', () => take(undefined))
  from.once('error', () => to.destroy()).once('close', () => take(undefined))
}

interface Late {
  readonly due: number
  /** undefined: the end. */
  readonly bytes: Buffer | undefined
}

/** What passes on bytes, and at last an end, so much later than it is given them. */
export function passingLater(to: Socket, ms: number): (bytes: Buffer | undefined) => void {
  const late: Late[] = []
  let timer: NodeJS.Timeout | undefined
  const go = () => {
    timer = undefined
    const now = performance.now()
    for (let first = late[0]; first !== undefined && first.due <= now; first = late[0]) {
      late.shift()
      if (first.bytes === undefined) to.end()
      else to.write(first.bytes)
    }
    const next = late[0]
    if (next !== undefined) timer = setTimeout(go, Math.max(1, next.due - now))
  }
  return (bytes) => {
    late.push({ due: performance.now() + ms, bytes })
    timer ??= setTimeout(go, ms)
  }
}
