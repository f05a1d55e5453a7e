import type { Answer } from '../../wire/reply.ts'
import { isExtension, readExtended, type ExtensionName } from '../../wire/extension.ts'
import { status } from '../../wire/reply.ts'
import type { Asked, RequestKind } from '../../wire/request.ts'
import { WireReader } from '../../wire/reader.ts'
import { WireWriter } from '../../wire/writer.ts'
import { extensions } from '../extensions/table.ts'
import { failed } from '../faults.ts'
import type { Served, Visit } from '../visit.ts'
import { opendir, readdir } from './directories.ts'
import { close, fsetstat, fstat, open, read, write } from './files.ts'
import { lstat, mkdir, readlink, realpath, remove, rename, rmdir, setstat, stat, symlink } from './paths.ts'

interface Row<Kind extends RequestKind> {
  /**
   * `together`: may be done while others are under way. `alone`: begins when all before are done and nothing begins before it
   * is, because clients send CLOSE and RENAME one behind the other and count on their order.
   */
  readonly order: 'together' | 'alone'
  run(visit: Visit, asked: Asked<Kind>): Promise<Served>
}

/** What is done for each request. One that the codec knows and this table does not would not compile. */
export const requests: { readonly [Kind in RequestKind]: Row<Kind> } = {
  open: { order: 'alone', run: open },
  close: { order: 'alone', run: close },
  read: { order: 'together', run: read },
  write: { order: 'together', run: write },
  lstat: { order: 'together', run: lstat },
  fstat: { order: 'together', run: fstat },
  setstat: { order: 'alone', run: setstat },
  fsetstat: { order: 'alone', run: fsetstat },
  opendir: { order: 'alone', run: opendir },
  readdir: { order: 'alone', run: readdir },
  remove: { order: 'alone', run: remove },
  mkdir: { order: 'alone', run: mkdir },
  rmdir: { order: 'alone', run: rmdir },
  realpath: { order: 'together', run: realpath },
  stat: { order: 'together', run: stat },
  rename: { order: 'alone', run: rename },
  readlink: { order: 'together', run: readlink },
  symlink: { order: 'alone', run: symlink },
  extended: { order: 'alone', run: extended },
}

async function extended(visit: Visit, asked: Asked<'extended'>): Promise<Answer> {
  if (isExtension(asked.name)) return extension(visit, asked.name, asked.data)
  // paramiko asks under the name of the whole extension, and wants to read that name before the hash.
  if (asked.name === 'check-file')
    return named('check-file', await extension(visit, 'check-file-handle', asked.data))
  return failed(status.unsupported, `there is no extension ${asked.name}`)
}

function extension(visit: Visit, name: ExtensionName, data: Uint8Array): Promise<Answer> {
  const run = extensions[name] as (visit: Visit, asked: unknown) => Promise<Answer>
  return run(visit, readExtended(name, data))
}

function named(name: string, answer: Answer): Answer {
  if (answer.kind !== 'extended') return answer
  const writer = new WireWriter(0)
  writer.text(name)
  writer.rest(answer.data)
  return { kind: 'extended', data: new WireReader(writer.message(), 5).rest() }
}
