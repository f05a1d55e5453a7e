import { IncompleteError, type NetworkError } from '../../../core/error.ts'
import type { Path } from '../../../core/path.ts'
import type { Reply } from '../../wire/reply.ts'
import { saidBy } from '../faults.ts'

/** Why a download is not the file, each in its words. */
export const notWhole = { broken, cut, disowned, short, changed, beyond } as const

/** The connection broke in the middle: what came is not the file. */
function broken(
  path: Path,
  arrived: number,
  expected: number | undefined,
  cause: NetworkError,
): IncompleteError {
  const came = cameText(arrived, expected)
  return new IncompleteError(`${path} is not whole: ${came}, then ${cause.message}`, arrived, expected, {
    cause,
    facts: { ...cause.facts, path, phase: 'data', retryable: true, ...hintOf(arrived, expected) },
  })
}

function cut(path: Path, arrived: number, expected: number | undefined, last: Reply): IncompleteError {
  return new IncompleteError(`the server stopped sending ${path}`, arrived, expected, {
    facts: {
      ...saidBy(last),
      path,
      phase: 'end',
      retryable: true,
      connectionUsable: true,
    },
  })
}

/** All bytes came, and the server says that they are not the file: to go on at its end would not change them. */
function disowned(path: Path, arrived: number, expected: number | undefined, last: Reply): IncompleteError {
  return new IncompleteError(
    `all ${arrived} bytes of ${path} came, but the server says that they are not the file`,
    arrived,
    expected,
    {
      facts: {
        ...saidBy(last),
        path,
        phase: 'end',
        retryable: true,
        anew: true,
        connectionUsable: true,
        hint: 'Fetch it again once nobody writes to it.',
      },
    },
  )
}

function cameText(arrived: number, expected: number | undefined): string {
  if (expected === undefined) return `${arrived} bytes came`
  return arrived <= expected
    ? `${arrived} of ${expected} bytes came`
    : `${arrived} bytes came where it has ${expected}`
}

function hintOf(arrived: number, expected: number | undefined): { readonly hint?: string } {
  if (expected !== undefined && arrived > expected) return {}
  return { hint: 'The same again, with --resume, fetches the rest.' }
}

function short(
  path: Path,
  arrived: number,
  expected: number | undefined,
  last: Reply | undefined,
): IncompleteError {
  return new IncompleteError(`${path} is not whole: ${cameText(arrived, expected)}`, arrived, expected, {
    facts: {
      path,
      phase: 'end',
      retryable: true,
      connectionUsable: last !== undefined,
      ...(last === undefined ? {} : saidBy(last)),
      ...hintOf(arrived, expected),
    },
  })
}

/** It was written over, or put in place of another: what came is some of both, or all of what it is no more. */
function changed(path: Path, arrived: number, expected: number | undefined): IncompleteError {
  return new IncompleteError(`${path} changed while it was fetched`, arrived, expected, {
    facts: {
      path,
      phase: 'data',
      retryable: true,
      anew: true,
      connectionUsable: true,
      hint: 'Fetch it again once nobody writes to it.',
    },
  })
}

/** Some take REST and send the file from its beginning all the same: behind what was there that is not the file. */
function beyond(path: Path, from: number, arrived: number, size: number): IncompleteError {
  const message = `${path} is not whole: the server was to go on at byte ${from}, and ${arrived - size} bytes too many came`
  const hint =
    'It does not begin in the middle of a file, though it says so: fetch it anew, without --resume.'
  return new IncompleteError(message, arrived, size, {
    facts: { path, phase: 'end', retryable: false, hint },
  })
}
