import { FileError } from '../../../core/error.ts'
import { meansDirectory, parseFilePath, parsePath, resolvePath, rootPath } from '../../../core/path.ts'
import { writeExtendedAnswer, type Extended, type ExtensionName } from '../../wire/extension.ts'
import type { Answer } from '../../wire/reply.ts'
import { changeTo } from '../change.ts'
import { ok } from '../faults.ts'
import { mustBeNamed, onePath, renamed } from '../requests/paths.ts'
import { longestMessage, mostData } from '../settings.ts'
import type { Visit } from '../visit.ts'
import { checkFileHandle, checkFileName } from './check-file.ts'
import { copyData } from './copy-data.ts'
import { fstatvfs, spaceAvailable, statvfs } from './space.ts'

/** What is done for each extension. One that the codec knows and this table does not would not compile. */
export const extensions: {
  readonly [Name in ExtensionName]: (visit: Visit, asked: Extended<Name>) => Promise<Answer>
} = {
  'posix-rename@openssh.com': (visit, asked) => renamed(visit, asked, true),
  'hardlink@openssh.com': hardlink,
  'fsync@openssh.com': async (visit, asked) => {
    await visit.handles.file(asked.handle).sync()
    return ok
  },
  'lsetstat@openssh.com': lsetstat,
  'limits@openssh.com': limits,
  'expand-path@openssh.com': expandPath,
  'home-directory': async (visit, asked) => homeOf(visit, asked.user),
  'users-groups-by-id@openssh.com': async (visit, asked) => {
    const names = {
      users: asked.users.map((id) => visit.owners.nameOf(id)),
      groups: asked.groups.map((id) => visit.owners.nameOf(id)),
    }
    return { kind: 'extended', data: writeExtendedAnswer('owners', names) }
  },
  'copy-data': copyData,
  'statvfs@openssh.com': statvfs,
  'fstatvfs@openssh.com': fstatvfs,
  'space-available': spaceAvailable,
  'check-file-name': checkFileName,
  'check-file-handle': checkFileHandle,
  'abort-handle@ferry': async (visit, asked) => {
    await visit.handles.abort(asked.handle, new Error('the client called it off'))
    return ok
  },
  // It tells us who the client is, and wants to hear that we know.
  'vendor-id': async () => ok,
}

/** A second name for a link is a link that leads to the same, and no second name for that: `cp -al` through sshfs copies trees so. */
async function hardlink(visit: Visit, asked: Extended<'hardlink@openssh.com'>): Promise<Answer> {
  const from = parseFilePath(asked.from)
  const to = parseFilePath(asked.to)
  const { kind, target } = await visit.files.stat(from, false)
  if (kind === 'link' && target !== undefined) await visit.files.link(to, target, 'symbolic')
  else await visit.files.link(to, from, 'hard')
  return ok
}

/** Stores change what a link leads to; of the link itself nothing can be changed. */
async function lsetstat(visit: Visit, asked: Extended<'lsetstat@openssh.com'>): Promise<Answer> {
  const path = parsePath(asked.path)
  const entry = await visit.files.stat(path, meansDirectory(asked.path))
  mustBeNamed(asked.path, entry)
  if (entry.kind !== 'link') await changeTo(visit, path, asked.attributes)
  else if (visit.settings.setstat === 'told') {
    throw new FileError('unsupported', 'a link has no attributes of its own here')
  }
  return ok
}

/** Who asks knows from then on how much fits into a message. */
async function limits(visit: Visit): Promise<Answer> {
  visit.longestReply = mostData
  const data = writeExtendedAnswer('limits', {
    packet: longestMessage,
    read: mostData,
    write: mostData,
    handles: visit.settings.handles,
  })
  return { kind: 'extended', data }
}

/** `~` and `~anna` are the top of what one sees; other people's homes are not here. */
async function expandPath(visit: Visit, asked: Extended<'expand-path@openssh.com'>): Promise<Answer> {
  const [, user, rest = ''] = /^~([^/]*)(.*)$/su.exec(asked.path) ?? []
  if (user === undefined) return onePath(parsePath(asked.path))
  mustBeSelf(visit, user)
  return onePath(resolvePath(rootPath, `/${rest}`))
}

function homeOf(visit: Visit, user: string): Answer {
  mustBeSelf(visit, user)
  return onePath(rootPath)
}

function mustBeSelf(visit: Visit, user: string): void {
  if (user !== '' && user !== visit.session.account.name) {
    throw new FileError('not-found', 'there is no such home here')
  }
}
