import { createServer, connect, type AddressInfo } from 'node:net'
import { delayingProxy, pass, passingLater, type DelayingProxy } from './delaying-proxy.ts'

/** Where a reply to EPSV or PASV names the port. */
const named = /^(229 .*\(\|\|\|)(\d+)(\|\).*)$|^(227 .*?)(\d+,\d+,\d+,\d+),(\d+),(\d+)(.*)$/u

/**
 * A port that leads to an FTP server by a way that takes as long as one likes, for the data too: replies that name a passive
 * port are told with that of another such way. Each is for one connection.
 */
export function delayingFtp(to: number, roundTripMs: number): Promise<DelayingProxy> {
  const server = createServer({ noDelay: true, allowHalfOpen: true }, (near) => {
    const far = connect({ port: to, host: '127.0.0.1', noDelay: true, allowHalfOpen: true })
    pass(near, far, roundTripMs / 2)
    const late = passingLater(near, roundTripMs / 2)
    let turn = Promise.resolve()
    let begun = ''
    far.on('data', (bytes: Buffer) => {
      const lines = `${begun}${bytes.toString('latin1')}`.split('\n')
      begun = lines.pop() ?? ''
      for (const line of lines) {
        turn = turn.then(async () => late(Buffer.from(`${await led(line, roundTripMs)}\n`, 'latin1')))
      }
    })
    far.once('end', () => void turn.then(() => late(undefined)))
    far.once('error', () => near.destroy())
    near.once('close', () => far.destroy())
  })
  return new Promise((done) => {
    server.listen(0, '127.0.0.1', () =>
      done({ port: (server.address() as AddressInfo).port, close: () => server.close() }),
    )
  })
}

/** The line with a port of ours in it, where it names one. */
async function led(line: string, roundTripMs: number): Promise<string> {
  const found = named.exec(line.trimEnd())
  if (found === null) return line
  const [, before, port, behind, pasv = '', address = '', high, low, rest = ''] = found
  const proxy = await delayingProxy(Number(port ?? Number(high) * 256 + Number(low)), roundTripMs, true)
  if (before !== undefined) return `${before}${proxy.port}${behind ?? ''}\r`
  return `${pasv}${address},${proxy.port >> 8},${proxy.port & 255}${rest}\r`
}
