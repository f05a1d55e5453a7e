import { resolvePath, rootPath, type Path } from '../../core/path.ts'
import type { Session } from '../../core/session.ts'
import type { Store } from '../../core/store.ts'
import type { HashName } from '../wire/hash-name.ts'
import { allFacts, type Fact } from '../wire/mlsx.ts'
import { DataLink } from './data-link.ts'
import { Refused } from './refused.ts'
import type { Visit } from './visit.ts'

/** `I` as it is, `A` with CRLF line ends on the wire. */
export type TransferType = 'A' | 'I'

/** `S` the bytes alone, `Z` deflated. */
export type TransferMode = 'S' | 'Z'

/** From `first` to `last`, both included (RANG). */
export interface ByteRange {
  readonly first: number
  readonly last: number
}

const everyFact: ReadonlySet<Fact> = new Set(allFacts)

/** What exists only while someone is logged in, and is gone with the login. */
export class LoggedIn {
  readonly visit: Visit
  readonly session: Session
  readonly files: Store
  readonly data: DataLink
  cwd: Path = rootPath
  /** RFC 959 says ASCII, but who says nothing mostly sends pictures: image is the default (PROTOCOL.md). */
  type: TransferType = 'I'
  mode: TransferMode = 'S'
  deflateLevel = 6
  /** Where the next transfer begins (REST), used up by it. */
  restart = 0
  range: ByteRange | undefined
  /** How long ALLO has said that the next upload will be. */
  announced: number | undefined
  renameFrom: Path | undefined
  copyFrom: Path | undefined
  /** After EPSV ALL no other way to connect is taken (RFC 2428 §4). */
  epsvOnly = false
  facts: ReadonlySet<Fact> = everyFact
  hash: HashName = 'SHA-256'
  umask: number | undefined
  /** The last PORT or EPRT as it arrived: a router may have changed it on the way (SITE DIAG). */
  portArgument: string | undefined

  constructor(visit: Visit, session: Session) {
    this.visit = visit
    this.session = session
    this.files = session.files
    this.data = new DataLink(visit)
  }

  /** The path that the client means. */
  path(text: string): Path {
    return resolvePath(this.cwd, text)
  }

  /** Where the transfer that begins now shall start; asked once, as REST holds for one command only. */
  takeRestart(): number {
    const { restart } = this
    this.restart = 0
    return restart
  }

  takeRange(): ByteRange | undefined {
    const { range } = this
    this.range = undefined
    return range
  }

  /** Asked once: ALLO holds for the next upload. */
  takeAnnounced(): number | undefined {
    const { announced } = this
    this.announced = undefined
    return announced
  }

  /** What was agreed by RNFR or SITE CPFR, which must come right before. */
  takeRenameFrom(): Path {
    const from = this.renameFrom
    this.renameFrom = undefined
    if (from === undefined) throw new Refused(503, 'Say RNFR first.')
    return from
  }

  takeCopyFrom(): Path {
    const from = this.copyFrom
    this.copyFrom = undefined
    if (from === undefined) throw new Refused(503, 'Say SITE CPFR first.')
    return from
  }
}
