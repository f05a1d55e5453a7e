import assert from 'node:assert/strict'
import { test } from 'node:test'
import { runInNewContext } from 'node:vm'
import { FileError } from '../../core/error.ts'
import { asFileError, codeOf, isGone, onDisk } from './faults.ts'

function systemError(code: string): Error {
  return Object.assign(new Error(`${code}: something, open '/srv/secret/file'`), {
    code,
    syscall: 'open',
    errno: -1,
  })
}

test('a directory that would go into itself is told so, as a rename has EINVAL for nothing else', () => {
  const thrown = Object.assign(systemError('EINVAL'), { syscall: 'rename' })
  assert.match(asFileError(thrown).message, /cannot be moved into itself/)
  assert.doesNotMatch(asFileError(systemError('EINVAL')).message, /itself/)
})

test('each error of the system becomes its fault, without the path that it names', () => {
  const wanted = {
    ENOENT: 'not-found',
    EEXIST: 'exists',
    EACCES: 'denied',
    EPERM: 'denied',
    EROFS: 'denied',
    ELOOP: 'denied',
    ENOSPC: 'full',
    EDQUOT: 'quota',
    EISDIR: 'is-directory',
    ENOTDIR: 'not-directory',
    ENOTEMPTY: 'not-empty',
    EBUSY: 'busy',
    ETXTBSY: 'busy',
    EMFILE: 'busy',
    ENFILE: 'busy',
    ESTALE: 'busy',
    ENAMETOOLONG: 'invalid',
    EXDEV: 'unsupported',
    EIO: 'failed',
    EWHATEVER: 'failed',
  }
  for (const [code, fault] of Object.entries(wanted)) {
    const error = asFileError(systemError(code))
    assert.ok(error instanceof FileError)
    assert.equal(error.fault, fault, code)
    assert.doesNotMatch(error.message, /[/\\]/)
    assert.equal((error.cause as NodeJS.ErrnoException).code, code, 'the log may know')
  }
})

test('a directory that a server of NFS has set up anew is gone, and one that may not be looked at is not', () => {
  assert.deepEqual(
    ['ENOENT', 'ESTALE', 'EACCES'].map((code) => isGone(systemError(code))),
    [true, true, false],
  )
})

test('a FileError stays what it is, and so does a bug', async () => {
  const known = new FileError('quota', 'too much')
  await assert.rejects(
    async () => onDisk(() => Promise.reject(known)),
    (error) => error === known,
  )
  const bug = new TypeError('undefined is not a function')
  await assert.rejects(
    async () => onDisk(() => Promise.reject(bug)),
    (error) => error === bug,
  )
  const invalidArgument = Object.assign(new RangeError('out of range'), { code: 'ERR_OUT_OF_RANGE' })
  const fails = (): never => {
    throw invalidArgument
  }
  assert.throws(
    () => onDisk(fails),
    (error) => error === invalidArgument,
    'thrown at once as well',
  )
})

test('an error of another realm, as Node gives to what runs in Jest, has its fault too', () => {
  const thrown: unknown = runInNewContext(
    'Object.assign(new Error("ENOENT"), { code: "ENOENT", syscall: "open" })',
  )
  assert.equal(codeOf(thrown), 'ENOENT')
  assert.equal((asFileError(thrown) as FileError).fault, 'not-found')
})
