import { FileError, NetworkError, type Facts, type Fault } from '../../core/error.ts'
import { peersError } from '../course.ts'
import type { ErrorPacket } from '../packet.ts'

/** What each code of RFC 1350 and 2347 says of the file; of 0 and of what nobody has defined, nothing but that it failed. */
const faults: Readonly<Record<number, Fault>> = {
  1: 'not-found',
  2: 'denied',
  3: 'full',
  4: 'unsupported',
  6: 'exists',
  7: 'denied',
  8: 'unsupported',
}

/** What the server said with an ERROR, as an error of ours. */
export function serverRefused({ code, text }: ErrorPacket, path: string, facts: Facts = {}): FileError {
  const hint = hints[code]
  return new FileError(
    faults[code] ?? 'failed',
    text === '' ? `the server says ${peersError({ code, text })}` : text,
    {
      facts: {
        code,
        reply: peersError({ code, text }),
        path,
        retryable: false,
        connectionUsable: true,
        ...(hint === undefined ? {} : { hint }),
        ...facts,
      },
    },
  )
}

const hints: Readonly<Record<number, string>> = {
  1: 'Upper and lower case matter, and the path is the one below the folder that the server shares.',
  2: 'Many TFTP servers give only files that everybody may read, and take only uploads over files that are there.',
  6: 'The server overwrites nothing: choose another name.',
}

/** Nobody answered, or nobody any more. */
export function noAnswer(host: string, port: number, seconds: number): NetworkError {
  return new NetworkError('timeout', `no answer came from ${host}, UDP port ${port}, for ${seconds} s`, {
    facts: {
      phase: 'connect',
      retryable: true,
      hint: 'A TFTP server answers from another port than the one that was asked: a firewall between may drop that.',
    },
  })
}

/** The machine is there, and says that no server is. */
export function noListener(host: string, port: number): NetworkError {
  return new NetworkError('refused', `nothing listens on UDP port ${port} of ${host}`, {
    facts: { phase: 'connect', retryable: true },
  })
}

/** What a TFTP server cannot be asked for. */
export function notInTftp(what: string): FileError {
  return new FileError('unsupported', `TFTP ${what}`, { facts: { retryable: false, connectionUsable: true } })
}
