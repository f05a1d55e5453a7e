import { connect, type OnReadOpts, type Socket } from 'node:net'
import { pageAligned } from '../../src/core/page-aligned.ts'
import type { Session } from './session.ts'

/** Everything received lands here and is forgotten; everything sent comes from here. Small enough for the CPU's cache, and where copying is fast. */
const blockBytes = 256 * 1024
const { buffer, byteOffset } = pageAligned(blockBytes)
const block = Buffer.from(buffer, byteOffset, blockBytes)
block.fill('The quick brown fox jumps over the lazy dog.\r\n')

/** Runs RETR and throws the bytes away, all of which must have come. */
export async function download(session: Session, path: string, bytes: number): Promise<void> {
  let received = 0
  await receive(session, `RETR ${path}`, (count) => {
    received += count
  })
  if (received !== bytes) throw new Error(`RETR ${path}: ${received} bytes came, and there are ${bytes}`)
}

/** Runs LIST or MLSD and counts the lines; a few may be more than entries (`total`, `.` and `..`). */
export async function list(session: Session, verb: string, path: string, entries: number): Promise<void> {
  let lines = 0
  await receive(session, `${verb} ${path}`, (count, where) => {
    for (let at = where.indexOf(10); at >= 0 && at < count; at = where.indexOf(10, at + 1)) lines += 1
  })
  if (lines < entries || lines > entries + 3)
    throw new Error(`${verb} ${path}: ${lines} lines, not ${entries}`)
}

/** Runs STOR with so many bytes of no interest. */
export async function upload(session: Session, path: string, bytes: number): Promise<void> {
  const socket = await dataConnection(session)
  await begin(session, `STOR ${path}`, socket)
  const conn = session.tls ? await session.wrapped(socket) : socket
  // Who does not read its tickets never gets to the end of them.
  if (session.tls) conn.resume()
  await Promise.all([send(conn, bytes), session.expect(2, 'STOR')])
  conn.destroy()
}

/** So many bytes have come, and for a moment are there. */
type Taken = (count: number, where: Buffer) => void

async function receive(session: Session, line: string, taken: Taken): Promise<void> {
  if (session.tls) return receiveSecure(session, line, taken)
  const socket = await dataConnection(session, taken)
  const ended = new Promise<void>((done, fail) => {
    socket.once('end', done).once('error', fail)
  })
  await begin(session, line, socket)
  await Promise.all([ended, session.expect(2, line)])
  socket.destroy()
}

async function receiveSecure(session: Session, line: string, taken: Taken): Promise<void> {
  const conn = session.connectSecurely(await dataPort(session), into(taken))
  const ended = new Promise<void>((done, fail) => conn.once('end', done).once('error', fail))
  const said = async (): Promise<void> => {
    await begin(session, line, conn)
    await session.expect(2, line)
  }
  await Promise.all([ended, said()])
  conn.destroy()
}

/** Nothing is sent before the server has said that it begins: a server that refuses is heard. */
async function begin(session: Session, line: string, socket: Socket): Promise<void> {
  const { code, text } = await session.ask(line)
  if (code < 200) return
  socket.destroy()
  throw new Error(`${line}: ${text}`)
}

async function dataConnection(session: Session, taken?: Taken): Promise<Socket> {
  const port = await dataPort(session)
  const place = { port, host: '127.0.0.1', highWaterMark: 4 * blockBytes }
  const socket = connect(taken === undefined ? place : { ...place, onread: into(taken) })
  await new Promise<void>((done, fail) => {
    socket.once('connect', done).once('error', fail)
  })
  return socket
}

async function dataPort(session: Session): Promise<number> {
  const { text } = await session.must('EPSV')
  return Number(/\(\|\|\|(\d+)\|\)/u.exec(text)?.[1])
}

/** All goes to one place, which is used again and again. */
function into(taken: Taken): OnReadOpts {
  return {
    buffer: block,
    callback(count) {
      taken(count, block)
      return true
    },
  }
}

function send(socket: Socket, bytes: number): Promise<void> {
  return new Promise((done, fail) => {
    let left = bytes
    const more = () => {
      for (let room = true; room && left > 0;) {
        const piece = left < blockBytes ? block.subarray(0, left) : block
        left -= piece.length
        room = socket.write(piece)
      }
      if (left === 0) socket.end()
    }
    socket.setNoDelay(true)
    socket.on('drain', more).once('error', fail).once('finish', done)
    more()
  })
}
