import { fileLength } from './files.ts'
import { say, usual, type FtpScenario, type FtpScript, type Outcome, type Step } from './script.ts'

const whole: Outcome = { kind: 'whole' }
const honest: Outcome = { kind: 'whole-or-error' }
const send: Step = { kind: 'send' }
const endData: Step = { kind: 'end-data' }
const opening = say('150 Here it comes')
const done = say('226 All of it sent')
const listen: Step = { kind: 'listen' }
const passive = ['EPSV'] as const
const upTo40: Step = { kind: 'send', to: 0.4 }

function error(says?: RegExp): Outcome {
  return says === undefined ? { kind: 'error' } : { kind: 'error', says }
}

function download(name: string, about: string, outcome: Outcome, script: FtpScript): FtpScenario {
  return { name, about, operation: 'download', script, outcome }
}

/** RETR that goes like this, every time. */
function retrieves(...steps: readonly Step[]): FtpScript {
  return { answers: { RETR: [steps] } }
}

/** PASV that says this, and no EPSV. */
function saysPassive(text: string): FtpScript {
  return { unknown: passive, answers: { PASV: [[listen, say(text)]] } }
}

const sshBanner = 'SSH-2.0-OpenSSH_9.2p1 Debian-2\r\n'
const page = 'HTTP/1.1 400 Bad Request\r\nContent-Type: text/html\r\nConnection: close\r\n\r\n<html>no</html>'
const alert = new Uint8Array([21, 3, 1, 0, 2, 2, 10])

/** Servers from which a file is fetched. */
export const downloadScenarios: readonly FtpScenario[] = [
  download('good', 'a server without faults', whole, {}),
  download('bytes', 'replies arrive one byte a packet', whole, { pieces: 1 }),
  download('sevens', 'replies arrive in pieces of seven bytes, behind a banner of several lines', whole, {
    pieces: 7,
    greeting: [say('220-Welcome\r\n220-to this\r\n220 server')],
  }),
  download('banner-like-codes', 'the banner holds lines that look like its end', whole, {
    greeting: [say('220-First\r\n 220 not the end\r\n220abc\r\n331-x\r\n221 nor this\r\n\r\n220 Ready')],
  }),
  download('120-first', '120 comes before 220', whole, {
    greeting: [say('120 Ready in a moment'), { kind: 'wait', ms: 100 }, say('220 Ready')],
  }),
  download('late-banner', 'the banner comes after a second', whole, {
    greeting: [{ kind: 'wait', ms: 1000 }, say('220 Ready')],
  }),
  download('huge-banner', 'the banner has a thousand lines', whole, {
    greeting: [say(`${'220-So many words of welcome that nobody reads them\r\n'.repeat(1000)}220 Ready`)],
  }),
  download('endless-banner', 'the banner never ends', error(), {
    greeting: Array.from({ length: 400 }, () => say('220-and on and on '.repeat(1000).trimEnd())),
  }),
  download(
    'private-pasv',
    'PASV tells an address behind NAT, and there is no EPSV',
    whole,
    saysPassive('227 Entering Passive Mode (10,1,2,3,{numbers})'),
  ),
  download(
    'zero-pasv',
    'PASV tells 0.0.0.0',
    whole,
    saysPassive('227 Entering Passive Mode (0,0,0,0,{numbers})'),
  ),
  download(
    'public-pasv',
    'PASV tells another public address',
    whole,
    saysPassive('227 Entering Passive Mode (192,0,2,77,{numbers})'),
  ),
  download(
    'bare-227',
    '227 comes without parentheses',
    whole,
    saysPassive('227 Entering Passive Mode 127,0,0,1,{numbers}'),
  ),
  download(
    'equals-227',
    '227 has an equals sign before the numbers',
    whole,
    saysPassive('227 Entering Passive Mode =127,0,0,1,{numbers}'),
  ),
  download('closed-epsv', '229 tells a port that refuses, and PASV works', whole, {
    answers: { EPSV: [[{ kind: 'listen', refuses: true }, say('229 Extended passive (|||{port}|)')]] },
  }),
  download('bangs-229', '229 has other signs than bars', whole, {
    answers: { EPSV: [[listen, say('229 Extended passive (!!!{port}!)')]] },
  }),
  download('only-active', 'EPSV and PASV are refused', whole, {
    unknown: ['EPSV', 'PASV'],
  }),
  download('wrong-pasv', '227 is nonsense, and PORT works', whole, {
    unknown: passive,
    answers: { PASV: [[say('227 Entering Passive Mode (127,0,0)')]] },
  }),
  download('226-before-data', '150 and 226 come together, the data after them', whole, {
    answers: {
      RETR: [
        [{ kind: 'bytes', bytes: '150 Here\r\n226 Sent\r\n' }, { kind: 'wait', ms: 300 }, send, endData],
      ],
    },
  }),
  download(
    'late-226',
    '226 comes two seconds after the data',
    whole,
    retrieves(opening, send, endData, { kind: 'wait', ms: 2000 }, done),
  ),
  download('no-226', '226 never comes', honest, retrieves(opening, send, endData, { kind: 'stall' })),
  download(
    '150-twice',
    '150 is said twice',
    whole,
    retrieves(opening, say('150 It comes'), send, endData, done),
  ),
  download('350-for-retr', 'RETR is answered 350, as if a second part followed', error(/350/u), {
    answers: { RETR: [[say('350 Anything else?')]] },
  }),
  download('more-then-cut', 'twice as much comes as SIZE tells, then a reset; the rest is empty', honest, {
    answers: { RETR: [[opening, send, send, { kind: 'cut-data' }], [usual]] },
  }),
  download('no-150', '150 never comes, only the data and 226', whole, retrieves(send, endData, done)),
  download(
    '40-percent-226',
    'the data ends at 40 %, and 226 calls it whole',
    error(),
    retrieves(opening, upTo40, endData, done),
  ),
  download(
    'all-then-451',
    'all bytes come, and 451 says that they are not the file',
    error(/451/u),
    retrieves(opening, send, endData, say('451 It was written over meanwhile')),
  ),
  download('all-then-426', 'all bytes come, and 426 says that the connection broke', whole, {
    answers: { RETR: [[opening, send, endData, say('426 Connection closed, transfer aborted')], [usual]] },
  }),
  download('40-percent-426', 'the data ends at 40 % with 426, once', honest, {
    answers: { RETR: [[opening, upTo40, endData, say('426 Connection closed, transfer aborted')], [usual]] },
  }),
  download(
    '40-percent-426-always',
    'the data ends at 40 % with 426, each time from the start',
    honest,
    retrieves(opening, upTo40, endData, say('426 Connection closed, transfer aborted')),
  ),
  download('40-percent-reset', 'the data connection is reset at 40 %, with 426', honest, {
    answers: { RETR: [[opening, upTo40, { kind: 'cut-data' }, say('426 Connection closed')], [usual]] },
  }),
  download('40-percent-gone', 'both connections are cut at 40 %, each time', error(), {
    unknown: ['REST STREAM', 'REST'],
    answers: { RETR: [[opening, upTo40, { kind: 'cut-data' }, { kind: 'cut' }]] },
  }),
  download(
    '40-percent-226-no-size',
    'the data is cut at 40 %, 226 calls it whole, and SIZE is not known',
    error(),
    {
      unknown: ['SIZE', 'MDTM'],
      listing: `-rw-r--r--   1 ftp      ftp      ${fileLength} Jan  2  2026 file.bin\r\n`,
      answers: { RETR: [[opening, upTo40, { kind: 'cut-data' }, done]] },
    },
  ),
  download('stall', 'the data stalls at 40 %', error(), retrieves(opening, upTo40, { kind: 'stall' })),
  download('stall-at-once', 'nothing comes after 150', error(), retrieves(opening, { kind: 'stall' })),
  download('double-replies', 'USER and TYPE are answered twice', honest, {
    answers: {
      TYPE: [[say('200 Type set\r\n200 Type set')]],
    },
  }),
  download('ssh', 'an SSH server is on the port', error(/ssh|sftp/iu), {
    greeting: [{ kind: 'bytes', bytes: sshBanner }, { kind: 'stall' }],
  }),
  download('http', 'an HTTP server is on the port', error(/http|web/iu), {
    greeting: [{ kind: 'bytes', bytes: page }, { kind: 'close' }],
  }),
  download('tls-first', 'the server speaks TLS from the first byte', error(/tls|ftps/iu), {
    greeting: [{ kind: 'bytes', bytes: alert }, { kind: 'close' }],
  }),
  download('silent', 'the server accepts and says nothing', error(), {
    greeting: [{ kind: 'stall' }, { kind: 'stall' }],
  }),
  download('closes', 'the server accepts and closes', error(), { greeting: [{ kind: 'close' }] }),
  download('too-many', 'PASS is answered 530: too many connections', error(/530|many|connections/iu), {
    answers: { PASS: [[say('530 Sorry, max 3 connections per user')]] },
  }),
  download('account', 'PASS is answered 332: an account is wanted', honest, {
    answers: { PASS: [[say('332 Account please')]] },
  }),
  download('421-for-retr', 'RETR is answered 421, each time', error(), {
    answers: { RETR: [[say('421 Timeout, closing'), { kind: 'close' }]] },
  }),
  download('421-once', 'RETR is answered 421 the first time', honest, {
    answers: { RETR: [[say('421 Timeout, closing'), { kind: 'close' }], [usual]] },
  }),
  download('421-midway', '421 comes in the middle of the data, and both connections end', honest, {
    answers: {
      RETR: [[opening, upTo40, say('421 Going down'), { kind: 'cut-data' }, { kind: 'close' }], [usual]],
    },
  }),
  download('tls-refused', 'AUTH TLS is refused', whole, { answers: { AUTH: [[say('534 No TLS here')]] } }),
  download('550', 'the file is not there', error(/550|no such|not found/iu), { files: {} }),
]
