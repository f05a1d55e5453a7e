import { canonicalAddress } from '../../core/address.ts'
import type { Reaching } from '../checks/examination.ts'
import { lookUp } from '../checks/reach.ts'
import { ask } from './ask.ts'
import type { TftpFindings } from './findings.ts'

/** What the doctor works with at a TFTP server. It never writes: TFTP removes nothing. */
export interface TftpExamination extends Reaching {
  /** A file that is there; without one a name is asked for that nobody has, and ERROR 1 is the good answer. */
  readonly file?: string
}

/** What fits through Ethernet behind IPv6 and a tunnel (RFC 2348 measured with it). */
const whole = '1428'
/** What does not, and travels in six pieces. */
const inPieces = '8192'

/** Asks for a file in each way that clients ask, side by side. It never rejects for the server's sake. */
export async function examineTftp(examination: TftpExamination): Promise<TftpFindings> {
  const { host, port } = examination
  const lookup = await lookUp(examination)
  const found: TftpFindings = { host, port, lookup, ...named(examination) }
  const [address] = lookup.addresses
  if (lookup.outcome !== 'works' || address === undefined) return found
  const peer = canonicalAddress(address)
  const file = examination.file ?? `ferry-doctor-${Math.trunc(examination.clock.now()).toString(36)}`
  const rest = { tsize: '0', timeout: '2' }
  const [plain, rich, large] = await Promise.all([
    ask(examination, peer, { file, options: {} }),
    ask(examination, peer, { file, options: { blksize: whole, windowsize: '16', ...rest } }),
    examination.file === undefined
      ? undefined
      : ask(examination, peer, { file, options: { blksize: inPieces, ...rest } }),
  ])
  return { ...found, peer, plain, rich, ...(large === undefined ? {} : { large }) }
}

function named({ file }: TftpExamination): { readonly file?: string } {
  return file === undefined ? {} : { file }
}
