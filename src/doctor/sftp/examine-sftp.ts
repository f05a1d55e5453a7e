import { FileError, IncompleteError } from '../../core/error.ts'
import { joinPath } from '../../core/path.ts'
import type { RemoteStore } from '../../core/remote.ts'
import { encodeText } from '../../core/text.ts'
import { openSftp } from '../../sftp/client/remote.ts'
import type { SshConnection } from '../../ssh/client/connection.ts'
import { lookBeside, lookUp, reach } from '../checks/reach.ts'
import type { RoundTrip, Step } from '../step.ts'
import { within } from '../within.ts'
import { enter, meaning } from './enter.ts'
import type { SftpExamination } from './examination.ts'
import type { SftpFindings } from './findings.ts'
import { look } from './look.ts'

/** Tries everything that an SFTP client does, as far as it goes. It never rejects for the server's sake. */
export async function examineSftp(examination: SftpExamination): Promise<SftpFindings> {
  const { host, port, access } = examination
  const lookup = await lookUp(examination)
  let found: SftpFindings = { host, port, user: access.user, lookup }
  if (lookup.outcome !== 'works') return found
  const { knocks, conn } = await reach(examination, lookup.addresses)
  found = { ...found, knocks }
  if (conn === undefined) {
    const [address = host] = lookup.addresses
    return { ...found, otherPorts: await lookBeside(examination, address) }
  }
  const { local, remote } = conn
  found = { ...found, local: local.address, peer: remote.address }
  found = { ...found, ...(await look(examination, conn)) }
  conn.destroy()
  if (found.greeting?.outcome !== 'works' || found.offer?.outcome !== 'works') return found
  return examineSession(examination, remote.address, found)
}

async function examineSession(
  examination: SftpExamination,
  address: string,
  start: SftpFindings,
): Promise<SftpFindings> {
  const { access } = examination
  const probe = await enter(examination, address, access, true)
  await probe.ssh?.end()
  const { methods } = probe.found
  let found: SftpFindings = { ...start, ...(methods === undefined ? {} : { methods }) }
  const { found: entered, ssh } = await enter(examination, address, access, false)
  found = { ...found, ...entered, ...(methods === undefined ? {} : { methods }) }
  if (ssh === undefined) return found
  try {
    return { ...found, ...(await examineFiles(examination, ssh)) }
  } finally {
    await within(examination.clock, examination.patienceMs, ssh.end())
  }
}

async function examineFiles(
  examination: SftpExamination,
  ssh: SshConnection,
): Promise<Partial<SftpFindings>> {
  const { clock, patienceMs } = examination
  const timed = timing(examination)
  const opened = await timed(ssh.openSubsystem('sftp'))
  if (opened.value === undefined) return { subsystem: opened.step }
  const begun = await timed(openSftp({ conn: opened.value, clock, url: '', silenceMs: patienceMs }))
  if (begun.value === undefined) return { subsystem: opened.step, session: begun.step }
  const store = begun.value
  const session = { ...begun.step, extensions: store.capabilities() }
  const listed = await timed(countEntries(store))
  const listing = { ...listed.step, entries: listed.value ?? 0 }
  const found = { subsystem: opened.step, session, listing }
  if (!examination.mayWrite) return found
  return { ...found, roundTrip: await tryRoundTrip(examination, store) }
}

/** Gives a step to a piece of work, and its result where there is one in time. */
function timing({ clock, patienceMs }: SftpExamination) {
  return async <Value>(
    work: Promise<Value>,
  ): Promise<{ readonly step: Step; readonly value?: Value | undefined }> => {
    const started = clock.ticks()
    const ms = (): number => Math.round(clock.ticks() - started)
    try {
      const value = await within(clock, patienceMs * 2, work)
      // What comes too late is closed with the connection, and no news any more, unless it is a bug of ours.
      if (value === undefined) work.catch(meaning)
      return { step: { outcome: value === undefined ? 'silence' : 'works', ms: ms() }, value }
    } catch (thrown) {
      const text = thrown instanceof Error ? thrown.message : ''
      return { step: { outcome: meaning(thrown), ms: ms(), text } }
    }
  }
}

/** Of a folder that never ends a part is enough. */
const mostEntries = 100_000

async function countEntries(store: RemoteStore): Promise<number> {
  let count = 0
  for await (const batch of store.list(store.home)) {
    count += batch.length
    if (count > mostEntries) break
  }
  return count
}

/** Writes a small file, reads it back, and removes it again. */
async function tryRoundTrip(examination: SftpExamination, store: RemoteStore): Promise<RoundTrip> {
  const { clock, patienceMs } = examination
  const started = clock.ticks()
  const name = `.ferry-doctor-${Math.trunc(clock.now()).toString(36)}`
  const path = joinPath(store.home, name)
  const content = encodeText('Ferry\r\nwas\nhere\r\n')
  let stage = 'STOR' as NonNullable<RoundTrip['stage']>
  let written = false
  const ms = (): number => Math.round(clock.ticks() - started)
  const left = (): Pick<RoundTrip, 'leftBehind'> => (written ? { leftBehind: name } : {})
  const work = async (): Promise<RoundTrip> => {
    const file = await store.open(path, { write: true, create: 'require' })
    written = true
    await file.write([content], 0)
    await file.close()
    stage = 'RETR'
    const again = await store.open(path, { read: true })
    const back = new Uint8Array(content.length + 1)
    const size = await again.read(back, 0)
    await again.close()
    stage = 'DELE'
    await store.remove(path)
    written = false
    const same = size === content.length && content.every((byte, at) => byte === back[at])
    return same
      ? { outcome: 'works', ms: ms() }
      : { outcome: 'rejected', stage: 'compare', ms: ms(), text: `${size} bytes came back` }
  }
  try {
    return (await within(clock, patienceMs * 3, work())) ?? { outcome: 'silence', stage, ms: ms(), ...left() }
  } catch (thrown) {
    if (written && stage !== 'DELE') written = await isRefused(store.remove(path))
    const text = thrown instanceof Error ? thrown.message : ''
    const outcome =
      thrown instanceof IncompleteError || thrown instanceof FileError ? 'rejected' : meaning(thrown)
    return { outcome, stage, ms: ms(), text, ...left() }
  }
}

/** Whether the server will not do it, or cannot any more. */
async function isRefused(work: Promise<void>): Promise<boolean> {
  try {
    await work
    return false
  } catch (thrown) {
    meaning(thrown)
    return true
  }
}
