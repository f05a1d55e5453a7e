import type { HostAccess } from '../../ssh/client/hosts.ts'
import type { Reaching } from '../checks/examination.ts'

/** What the doctor works with at an SFTP server. */
export interface SftpExamination extends Reaching {
  /** The host as the user's files know it: its key, and ours. */
  readonly access: HostAccess
  readonly password?: string
  readonly mayWrite: boolean
  readonly said: (from: 'client' | 'server', line: string) => void
}
