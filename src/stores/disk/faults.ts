import { asError, FileError, type Fault } from '../../core/error.ts'
import { mended, type Soon } from '../../core/soon.ts'

/** The system's error as a FileError that names no path of the host. Anything else is our own bug and stays itself. */
export function asFileError(thrown: unknown): Error {
  if (thrown instanceof FileError) return thrown
  const code = codeOf(thrown)
  if (code === undefined) return asError(thrown)
  const [fault, text] = faults[`${code} of ${callOf(thrown)}`] ??
    faults[code] ?? ['failed' as const, `the disk reports ${code}`]
  return withoutStack(() => new FileError(fault, text, { cause: thrown }))
}

/** That nothing is there: mostly an answer and no error, and the stack of one costs as much as a few calls of the system. */
export function notFound(): FileError {
  return withoutStack(() => new FileError('not-found', 'no such file or directory'))
}

function withoutStack(make: () => FileError): FileError {
  const { stackTraceLimit } = Error
  Error.stackTraceLimit = 0
  try {
    return make()
  } finally {
    Error.stackTraceLimit = stackTraceLimit
  }
}

/** The work, with the system's errors translated. */
export function onDisk<Result>(work: () => Soon<Result>): Soon<Result> {
  return mended(work, (thrown) => {
    throw asFileError(thrown)
  })
}

/** The name of a system error (`ENOENT`); undefined for everything else. */
export function codeOf(thrown: unknown): string | undefined {
  if (!Error.isError(thrown) || !('syscall' in thrown) || !('code' in thrown)) return undefined
  return typeof thrown.code === 'string' ? thrown.code : undefined
}

function callOf(thrown: unknown): string {
  return Error.isError(thrown) && 'syscall' in thrown ? String(thrown.syscall) : ''
}

/**
 * Whether a path leads nowhere, or what is held is nothing any more (`ESTALE`: a server of NFS that was set up anew). What cannot be
 * looked at, by a server that gave its rights up, is not gone.
 */
export function isGone(thrown: unknown): boolean {
  const code = codeOf(thrown)
  return code === 'ENOENT' || code === 'ENOTDIR' || code === 'ESTALE'
}

const faults: Readonly<Record<string, readonly [Fault, string]>> = {
  ENOENT: ['not-found', 'no such file or directory'],
  EEXIST: ['exists', 'the name is taken'],
  EACCES: ['denied', 'permission denied'],
  EPERM: ['denied', 'permission denied'],
  EROFS: ['denied', 'the disk is read-only'],
  ELOOP: ['denied', 'the path leads through too many links'],
  EBADF: ['denied', 'the file is not open for that'],
  ENXIO: ['denied', 'not a regular file'],
  ENODEV: ['denied', 'not a regular file'],
  ENOSPC: ['full', 'no space left on the disk'],
  EFBIG: ['full', 'the file would be too large for the disk'],
  EMLINK: ['full', 'the file has too many links'],
  EDQUOT: ['quota', 'the disk quota is used up'],
  EISDIR: ['is-directory', 'a directory'],
  ENOTDIR: ['not-directory', 'not a directory'],
  ENOTEMPTY: ['not-empty', 'the directory is not empty'],
  EBUSY: ['busy', 'in use by the system'],
  ETXTBSY: ['busy', 'in use by the system'],
  EAGAIN: ['busy', 'in use, try again later'],
  EMFILE: ['busy', 'too many open files, try again later'],
  ENFILE: ['busy', 'too many open files, try again later'],
  ENOMEM: ['busy', 'too little memory, try again later'],
  ESTALE: ['busy', 'the disk is another one by now, try again later'],
  ETIMEDOUT: ['busy', 'the disk does not answer, try again later'],
  ENAMETOOLONG: ['invalid', 'the name is too long'],
  EINVAL: ['invalid', 'the disk cannot do that'],
  'EINVAL of rename': ['invalid', 'a directory cannot be moved into itself'],
  EILSEQ: ['invalid', 'the disk cannot hold such a name'],
  ERANGE: ['invalid', 'the disk cannot hold such a value'],
  EOVERFLOW: ['invalid', 'the disk cannot hold such a value'],
  EXDEV: ['unsupported', 'the two places are on different disks'],
  ENOSYS: ['unsupported', 'the disk cannot do that'],
  ENOTSUP: ['unsupported', 'the disk cannot do that'],
  EOPNOTSUPP: ['unsupported', 'the disk cannot do that'],
  EIO: ['failed', 'the disk has an error'],
}
