import { once } from 'node:events'
import { connect, type Socket } from 'node:net'

/** Clients that vanish where it hurts: in the middle of a key exchange, of a login, of a transfer, before a data connection. */
export const rudeClients: readonly ((ports: RudePorts) => Promise<void>)[] = [
  ({ ssh }) => vanish(ssh, ['SSH-2.0-Rude_1\r\n'], /SSH-2\.0/u),
  ({ ftp }) => vanish(ftp, ['USER bench\r\n'], /^331/mu),
  ({ ftp }) => vanish(ftp, [...login, 'EPSV\r\n'], /^229/mu),
  ({ ftp }) => vanish(ftp, ['AUTH TLS\r\n'], /^234/mu, '\u0016\u0003\u0001'),
  abandonTransfer,
]

export interface RudePorts {
  readonly ftp: number
  readonly ssh: number
  /** A file that is not read in one piece. */
  readonly file: string
}

const login = ['USER bench\r\n', 'PASS bench\r\n', 'TYPE I\r\n']

/** Says its lines, hears the answer to the last of them, says a last word and is gone. */
async function vanish(port: number, lines: readonly string[], answer: RegExp, last = ''): Promise<void> {
  const control = await enter(port)
  try {
    control.write(lines.join(''))
    await heard(control, answer)
    if (last !== '') control.write(last)
  } finally {
    control.resetAndDestroy()
  }
}

async function abandonTransfer({ ftp, file }: RudePorts): Promise<void> {
  const control = await enter(ftp)
  try {
    control.write([...login, 'EPSV\r\n', `RETR ${file}\r\n`].join(''))
    const [, port] = await heard(control, /^229 .*\|(\d+)\|/mu)
    const data = await enter(Number(port))
    await once(data, 'data')
    data.resetAndDestroy()
  } finally {
    control.destroy()
  }
}

async function enter(port: number): Promise<Socket> {
  const socket = connect(port, '127.0.0.1')
  socket.on('error', () => {
    // The server may cut whoever is rude; that is seen by what is not heard.
  })
  await once(socket, 'connect')
  return socket
}

function heard(socket: Socket, wanted: RegExp): Promise<RegExpExecArray> {
  return new Promise((done, fail) => {
    let text = ''
    socket.on('close', () => fail(new Error(`the server ended behind: ${text}`)))
    socket.on('data', (bytes) => {
      text += bytes.toString('latin1')
      const match = wanted.exec(text)
      if (match !== null) done(match)
    })
  })
}
