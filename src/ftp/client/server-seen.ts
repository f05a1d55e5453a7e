import type { Path } from '../../core/path.ts'
import type { ToldSize } from './transfer/told-size.ts'

/** What all views of one server share. */
export interface FtpServerSeen {
  readonly url: string
  readonly home: Path
  /** Whether files are lines of text, and travel in TYPE A. */
  readonly text: boolean
  readonly features: readonly string[]
  readonly retries: number
  /** The directories whose last listing had lines that nobody could read, and how many. */
  readonly unread: Map<Path, number>
  readonly toldSize: ToldSize
}
