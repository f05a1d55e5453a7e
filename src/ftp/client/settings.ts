import { FileError } from '../../core/error.ts'
import type { Path } from '../../core/path.ts'
import type { Change } from '../../core/store.ts'
import type { Reply } from '../wire/reply.ts'
import { formatTime } from '../wire/time.ts'
import { fileError, saidBy } from './faults.ts'
import type { FtpSession } from './session/session.ts'

/** The commands that give a file its mode and its times: MFMT, or MDTM with a time, which most who know MDTM take for a strange name. */
export function settingLines(session: FtpSession, path: Path, to: Change): readonly string[] {
  const lines: string[] = []
  if (to.mode !== undefined) lines.push(`SITE CHMOD ${to.mode.toString(8).padStart(3, '0')} ${path}`)
  if (to.created !== undefined) lines.push(`MFCT ${formatTime(to.created)} ${path}`)
  if (to.modified !== undefined) {
    lines.push(`${session.can('MFMT') ? 'MFMT' : 'MDTM'} ${formatTime(to.modified)} ${path}`)
  }
  return lines
}

/** Whether all was set, or refused for good: what was not answered, or may go another time, is to be asked again. */
export function areSettled(path: Path, lines: readonly string[], replies: readonly Reply[]): boolean {
  return lines.every((line, at) => {
    const reply = replies[at]
    if (reply === undefined) return false
    const refusal = settingRefusal(line, path, reply)
    // Many servers let nobody set times or modes: the file is whole without them.
    return refusal === undefined || refusal.fault === 'unsupported' || refusal.fault === 'denied'
  })
}

/** Why such a command was refused; undefined: it was not. */
export function settingRefusal(line: string, path: Path, reply: Reply): FileError | undefined {
  const asksForTime = line.startsWith('MDTM ')
  if (reply.code < (asksForTime ? 300 : 400)) return undefined
  if (!asksForTime) return fileError(reply, `change ${path}`, { path })
  return new FileError('unsupported', `change ${path}: the server sets no times`, {
    facts: { ...saidBy(reply), path, phase: 'command', connectionUsable: true },
  })
}
