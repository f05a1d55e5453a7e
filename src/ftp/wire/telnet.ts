/** A line without the Telnet in it, and what has to be answered to that. */
interface CleanLine {
  readonly line: Uint8Array
  readonly answers: Uint8Array
}

const subnegotiationEnd = 240
const dataMark = 242
const subnegotiation = 250
const will = 251
const wont = 252
const demand = 253
const dont = 254
const iac = 255
const none = new Uint8Array(0)

/**
 * Takes the Telnet out of a command line (RFC 959 §4, RFC 854): the control connection speaks it in theory, and in
 * practice sends IAC IP and Synch before ABOR. Every option is refused; a refusal needs no answer.
 *
 * 0xFF before a byte that is no Telnet command is a Latin-1 ÿ in a name, save at the beginning of a line: there it
 * is what is left of a Synch whose urgent byte the system took out of the stream. BSD's ftp makes IAC the urgent
 * byte and others DM, so either may stand there alone.
 */
export function cleanTelnet(line: Uint8Array): CleanLine {
  if (!line.includes(iac) && line[0] !== dataMark) return { line, answers: none }
  const clean = new Uint8Array(line.length)
  const answers: number[] = []
  let used = 0
  for (let at = 0; at < line.length;) {
    const byte = line[at] ?? 0
    if (byte !== iac) {
      if (byte !== dataMark || used > 0) clean[used++] = byte
      at += 1
      continue
    }
    const command = line[at + 1] ?? 0
    if (command === iac || (command < subnegotiationEnd && used > 0)) clean[used++] = iac
    const option = line[at + 2]
    if (option !== undefined && command === will) answers.push(iac, dont, option)
    if (option !== undefined && command === demand) answers.push(iac, wont, option)
    at += lengthOf(line, at, command)
  }
  return { line: clean.subarray(0, used), answers: answers.length > 0 ? Uint8Array.from(answers) : none }
}

/** How many bytes a sequence that begins with IAC takes; what the line's end cuts off is simply short. */
function lengthOf(line: Uint8Array, at: number, command: number): number {
  if (command === iac) return 2
  if (command >= will) return 3
  if (command === subnegotiation) return subnegotiationLength(line, at)
  return command >= subnegotiationEnd ? 2 : 1
}

/** No option is ever agreed on, so what is negotiated about it is dropped unread; without an end, only its beginning. */
function subnegotiationLength(line: Uint8Array, at: number): number {
  for (let end = line.indexOf(iac, at + 2); end >= 0; end = line.indexOf(iac, end + 2)) {
    if (line[end + 1] === subnegotiationEnd) return end + 2 - at
  }
  return 2
}
