import { reply, type Reply } from '../../wire/reply.ts'
import type { CommandTable } from '../command.ts'
import type { LoggedIn } from '../logged-in.ts'

/** How files travel, and from where: RFC 959 §4.1.2–3, RFC 3659 §5, draft-bryan-ftp-range. */
export const representCommands: CommandTable = {
  TYPE: {
    needs: 'login',
    help: 'TYPE <SP> A|I|L 8: text with CRLF line ends, or bytes as they are',
    argument: 'needed',
    run: (login, argument) => setType(login, argument.trim().toUpperCase()),
  },
  STRU: {
    needs: 'login',
    help: 'STRU <SP> F: files without records or pages',
    argument: 'needed',
    run(_login, argument) {
      const structure = argument.trim().toUpperCase()
      if (structure === 'F') return reply(200, 'Structure is file.')
      if (structure === 'R' || structure === 'P')
        return reply(504, 'Files here have no records and no pages, use F.')
      return reply(501, 'F, R or P.')
    },
  },
  MODE: {
    needs: 'login',
    feature: ({ server }) => (server.settings.deflate === 'offered' ? 'MODE Z' : ''),
    help: 'MODE <SP> S|Z: stream, or stream deflated',
    argument: 'needed',
    run(login, argument) {
      const mode = argument.trim().toUpperCase()
      if (mode === 'Z' && login.visit.server.settings.deflate === 'off')
        return reply(504, 'MODE Z is off here.')
      if (mode === 'S' || mode === 'Z') {
        login.mode = mode
        return reply(200, mode === 'S' ? 'Mode is stream.' : 'Mode is stream, deflated.')
      }
      if (mode === 'B' || mode === 'C')
        return reply(504, 'Block and compressed mode are not here, use S or Z.')
      // GridFTP's: globus-url-copy asks for them with -p and -fast, and prints the answer.
      if (mode === 'E') return reply(504, 'Extended blocks are not here, use S or Z.')
      return reply(501, 'S or Z.')
    },
  },
  ALLO: {
    needs: 'login',
    help: 'ALLO <SP> bytes: asks whether there is room',
    argument: 'needed',
    run: async (login, argument) => allocate(login, argument),
  },
  REST: {
    needs: 'login',
    feature: 'REST STREAM',
    help: 'REST <SP> offset: where the next transfer begins',
    argument: 'needed',
    run(login, argument) {
      const offset = wholeNumber(argument.trim())
      if (offset === undefined) return reply(501, 'A number of bytes, please.')
      login.restart = offset
      login.range = undefined
      return reply(350, `The next transfer begins at ${offset}.`)
    },
  },
  RANG: {
    needs: 'login',
    feature: 'RANG STREAM',
    help: 'RANG <SP> first <SP> last: the bytes that the next RETR or HASH is about; 1 0 means all',
    argument: 'needed',
    run(login, argument) {
      const numbers = argument.trim().split(/ +/u).map(wholeNumber)
      const [first, last] = numbers
      if (numbers.length !== 2 || first === undefined || last === undefined) {
        return reply(501, 'Two numbers, please: the first and the last byte.')
      }
      login.restart = 0
      login.range = undefined
      if (first === 1 && last === 0) return reply(350, 'No range is set.')
      if (last < first) return reply(501, 'The last byte comes before the first.')
      login.range = { first, last }
      return reply(350, `The next transfer is about bytes ${first} to ${last}.`)
    },
  },
}

function setType(login: LoggedIn, argument: string): Reply {
  // L8 without its blank is what vsftpd takes too.
  const [type, form = ''] = argument.replace(/^L8$/u, 'L 8').split(/ +/u)
  switch (type) {
    case 'A':
      // Form T differs from N only on printers; C (carriage control) does not exist in our files.
      if (form === 'C') return reply(504, 'There is no carriage control here, use A N.')
      if (form !== '' && form !== 'N' && form !== 'T') return reply(501, 'A N or A T.')
      login.type = 'A'
      return reply(200, 'Type is ASCII: line ends are converted.')
    case 'I':
      login.type = 'I'
      return reply(200, 'Type is image: bytes stay as they are.')
    case 'L':
      if (form !== '8') return reply(504, 'Bytes have 8 bits here, use L 8.')
      login.type = 'I'
      return reply(200, 'Type is local with 8 bits: bytes stay as they are.')
    case 'E':
      return reply(504, 'There is no EBCDIC here, use A or I.')
    case undefined:
    default:
      return reply(501, 'A, I or L 8.')
  }
}

/** Old Dahua recorders ask again and again when this is answered 202, so it is 200 and true. */
async function allocate(login: LoggedIn, argument: string): Promise<Reply> {
  const bytes = wholeNumber(/^(\d+)(?: R \d+)?$/iu.exec(argument.trim())?.[1] ?? '')
  if (bytes === undefined) return reply(501, 'A number of bytes, please.')
  if (login.files.features.has('space')) {
    const { free } = await login.files.space(login.cwd)
    if (bytes > free) return reply(552, `There is room for ${free} bytes only.`)
  }
  login.announced = bytes
  return reply(200, 'There is room.')
}

/** A number of digits that JavaScript can count exactly: past 2^53 offsets would be silently wrong. */
export function wholeNumber(text: string): number | undefined {
  if (!/^\d{1,16}$/u.test(text)) return undefined
  const value = Number(text)
  return Number.isSafeInteger(value) ? value : undefined
}
