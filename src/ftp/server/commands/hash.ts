import { nameOf } from '../../../core/path.ts'
import { transfer } from '../../../core/transfer.ts'
import { reply, type Reply } from '../../wire/reply.ts'
import type { Command, CommandTable } from '../command.ts'
import { hashNames, type HashName } from '../../wire/hash-name.ts'
import { hashOf } from '../hashing.ts'
import type { LoggedIn } from '../logged-in.ts'
import { Refused } from '../refused.ts'
import { running } from '../running.ts'
import type { Span } from '../send-file.ts'
import type { Visit } from '../visit.ts'
import { wholeNumber } from './represent.ts'

/** Hashes of files: draft-bryan-ftpext-hash, and the X-commands that were there before it. */
export const hashCommands: CommandTable = {
  HASH: {
    needs: 'login',
    feature: hashFeature,
    help: 'HASH <SP> path: the hash of the file, or of the range set by RANG',
    argument: 'needed',
    run: async (login, argument) => standardHash(login, argument),
  },
  XCRC: extended('XCRC', 'CRC32'),
  XMD5: extended('XMD5', 'MD5'),
  XSHA: extended('XSHA', 'SHA-1'),
  XSHA1: extended('XSHA1', 'SHA-1'),
  XSHA256: extended('XSHA256', 'SHA-256'),
  XSHA512: extended('XSHA512', 'SHA-512'),
  MD5: {
    needs: 'login',
    feature: 'MD5',
    help: 'MD5 <SP> path: the MD5 of the file',
    argument: 'needed',
    async run(login, argument) {
      const { digest } = await digestOf(login, argument, 'MD5', {})
      return reply(251, `${argument} ${digest.toUpperCase()}`)
    },
  },
}

function hashFeature(visit: Visit): string {
  const chosen = visit.login?.hash ?? 'SHA-256'
  return `HASH ${hashNames.map((name) => (name === chosen ? `${name}*` : name)).join(';')}`
}

async function standardHash(login: LoggedIn, argument: string): Promise<Reply> {
  const range = login.takeRange()
  const part = range === undefined ? {} : { from: range.first, until: range.last + 1 }
  const { digest, span } = await digestOf(login, argument, login.hash, part)
  const last = Math.max(span.from, span.until - 1)
  return reply(213, `${login.hash} ${span.from}-${last} ${digest} ${nameOf(login.path(argument))}`)
}

/** `XCRC path`, `XCRC "path" first last`, where a quote in the path stands twice, and the same without quotes. */
function extended(verb: string, name: HashName): Command {
  return {
    needs: 'login',
    feature: verb,
    help: `${verb} <SP> path [<SP> from <SP> to]: the ${name} of the file or a part of it`,
    argument: 'needed',
    async run(login, argument) {
      const { path, part } = await splitPart(login, argument)
      const { digest } = await digestOf(login, path, name, part)
      return reply(250, digest.toUpperCase())
    },
  }
}

async function splitPart(login: LoggedIn, argument: string): Promise<{ path: string; part: Partial<Span> }> {
  const found = /^(?:"(.+)"|(.+?))(?: (\d+)(?: (\d+))?)?$/su.exec(argument)
  const [, inQuotes, bare, from, until] = found ?? []
  if (inQuotes === undefined && from !== undefined && (await isThere(login, argument))) {
    return { path: argument, part: {} } // a name that ends in a number
  }
  const part = {
    ...(from === undefined ? {} : { from: offset(from) }),
    ...(until === undefined ? {} : { until: offset(until) }),
  }
  if (part.until !== undefined && part.until < (part.from ?? 0))
    throw new Refused(501, 'The part ends before it begins.')
  return { path: inQuotes?.replaceAll('""', '"') ?? bare ?? argument, part }
}

function offset(text: string): number {
  const value = wholeNumber(text)
  if (value === undefined) throw new Refused(501, 'That offset is too large.')
  return value
}

async function isThere(login: LoggedIn, text: string): Promise<boolean> {
  try {
    await login.files.stat(login.path(text))
    return true
  } catch {
    return false // whatever is wrong with it will be told for the other reading of the words
  }
}

async function digestOf(
  login: LoggedIn,
  argument: string,
  name: HashName,
  part: Partial<Span>,
): Promise<{ digest: string; span: Span }> {
  return running(login, `${name} of ${argument}`, async (run) => {
    const file = await login.files.open(login.path(argument), { read: true, inside: true })
    return transfer(file, async () => {
      const { size } = await file.stat()
      const span = { from: part.from ?? 0, until: Math.min(part.until ?? size, size) }
      if (span.from > size) throw new Refused(554, `The file has ${size} bytes only.`)
      return { digest: await hashOf(login, run, file, name, span), span }
    })
  })
}
