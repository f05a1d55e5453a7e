import { createSocket, type RemoteInfo } from 'node:dgram'
import type { Address, TftpWish } from './task.ts'

/** How long nothing may come before the last ACK is said again. */
const silenceMs = 1000

/** Gets one file and throws it away: the window that was agreed. Blocks are counted, and the bytes at the end. */
export function fetchByTftp(at: Address, wish: TftpWish): Promise<number> {
  return new Promise((done, fail) => {
    const { bytes: expected } = wish
    const host = at.host ?? '127.0.0.1'
    const socket = createSocket({ type: 'udp4', lookup: (address, _, found) => found(null, address, 4) })
    const ack = Buffer.from([0, 4, 0, 0])
    let blockSize = 512
    let window = 1
    let peer: RemoteInfo | undefined
    let received = 0
    let acked = 0
    let bytes = 0
    let gapTold = false
    let heardAt = performance.now()
    const acknowledge = () => {
      ack.writeUInt16BE(received & 0xffff, 2)
      acked = received
      if (peer !== undefined) socket.send(ack, peer.port, peer.address)
    }
    const end = (error?: Error) => {
      clearInterval(timer)
      socket.close()
      if (error === undefined) done(window)
      else fail(error)
    }
    const timer = setInterval(() => {
      const now = performance.now()
      if (now - heardAt < silenceMs) return
      if (now - heardAt > 60_000) return end(new Error(`nothing came for a minute, after ${received} blocks`))
      gapTold = false
      if (peer === undefined) socket.send(request(wish), at.port, host)
      else acknowledge()
    }, silenceMs / 2)
    const takeData = (packet: Buffer) => {
      if (packet.readUInt16BE(2) !== ((received + 1) & 0xffff)) {
        if (window > 1 && !gapTold) acknowledge()
        gapTold = true
        return
      }
      gapTold = false
      received += 1
      bytes += packet.length - 4
      heardAt = performance.now()
      const last = packet.length - 4 < blockSize
      if (last || received - acked >= window) acknowledge()
      if (last) end(bytes === expected ? undefined : new Error(`${bytes} bytes came of ${expected}`))
    }
    socket.on('error', end)
    socket.on('message', (packet, from) => {
      peer ??= from
      if (from.port !== peer.port) return
      const kind = packet.readUInt16BE(0)
      if (kind === 3) takeData(packet)
      else if (kind === 5) end(new Error(`error ${packet.subarray(2).toString('latin1')}`))
      else if (kind === 6 && received === 0) {
        const options = packet.subarray(2).toString('latin1').toLowerCase().split('\0')
        const value = (name: string) => Number(options[options.indexOf(name) + 1] ?? 0)
        if (options.includes('blksize')) blockSize = value('blksize')
        if (options.includes('windowsize')) window = value('windowsize')
        heardAt = performance.now()
        acknowledge()
      }
    })
    socket.bind(0, host === '127.0.0.1' ? host : undefined, () => {
      socket.setRecvBufferSize(4 * 1024 * 1024)
      socket.send(request(wish), at.port, host)
    })
  })
}

function request({ path, blockSize, window }: TftpWish): Buffer {
  const words = [path, 'octet']
  if (blockSize !== 512) words.push('blksize', String(blockSize))
  if (window !== 1) words.push('windowsize', String(window))
  return Buffer.from(`\0\u0001${words.join('\0')}\0`, 'latin1')
}
