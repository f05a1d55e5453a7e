import { parseArgs } from 'node:util'
import { systemClock } from '../core/clock.ts'
import type { Security } from '../doctor/checks/examination.ts'
import { examineFtp } from '../doctor/examine-ftp.ts'
import { report } from '../doctor/report.ts'
import type { Verdict } from '../doctor/verdict.ts'
import { judge } from '../doctor/verdicts/all.ts'
import { tcpNetwork } from '../net/tcp.ts'
import { UsageError } from './usage-error.ts'

/** `ferry doctor URL`: why it works or doesn't, and which line to change. */
export async function doctorCommand(words: readonly string[]): Promise<number> {
  const { url, values } = parse(words)
  const password = decodeURIComponent(url.password) || process.env['FERRY_PASSWORD'] || 'ferry-doctor@'
  const user = decodeURIComponent(url.username) || 'anonymous'
  // Whatever a server repeats of what it was sent: the password is never shown.
  const mask = (text: string): string => (password.length < 3 ? text : text.replaceAll(password, '****'))
  const found = await examineFtp({
    network: tcpNetwork(),
    clock: systemClock,
    host: url.hostname.replaceAll(/^\[|\]$/gu, ''),
    port: url.port === '' ? (url.protocol === 'ftps:' ? 990 : 21) : Number(url.port),
    user,
    password,
    security: securities[url.protocol] ?? 'clear',
    anyCertificate: values['any-certificate'],
    idleMs: values.idle * 1000,
    mayWrite: values['try-upload'],
    patienceMs: values.patience * 1000,
    said: (from, line) => {
      if (values.verbose) process.stderr.write(mask(`${from === 'client' ? '>' : '<'} ${line}\n`))
    },
  })
  const verdicts = judge(found)
  process.stdout.write(
    mask(values.json ? `${JSON.stringify({ found, verdicts })}\n` : report(found, verdicts)),
  )
  return exitStatus(verdicts)
}

function parse(words: readonly string[]): {
  readonly url: URL
  readonly values: {
    readonly json: boolean
    readonly verbose: boolean
    readonly 'try-upload': boolean
    readonly patience: number
    readonly idle: number
    readonly 'any-certificate': boolean
  }
} {
  const off = { type: 'boolean', default: false } as const
  let parsed
  try {
    parsed = parseArgs({
      args: [...words],
      allowPositionals: true,
      options: {
        json: off,
        verbose: { ...off, short: 'v' },
        'try-upload': off,
        'any-certificate': off,
        patience: { type: 'string', default: '8' },
        idle: { type: 'string', default: '0' },
      },
    })
  } catch (thrown) {
    throw new UsageError(thrown instanceof Error ? thrown.message : String(thrown))
  }
  const [text, extra] = parsed.positionals
  if (text === undefined || extra !== undefined) {
    throw new UsageError(
      'doctor takes one URL: ferry doctor ftp://user@host/ [--try-upload] [--any-certificate] [--patience SECONDS] [--idle SECONDS] [--json] [-v]',
    )
  }
  const patience = Number(parsed.values.patience)
  if (!(patience >= 1 && patience <= 60)) throw new UsageError('--patience takes 1 to 60 seconds.')
  const idle = Number(parsed.values.idle)
  if (!(idle >= 0 && idle <= 7200)) throw new UsageError('--idle takes 0 to 7200 seconds.')
  return { url: parseFtpUrl(text), values: { ...parsed.values, patience, idle } }
}

function parseFtpUrl(text: string): URL {
  const whole = text.includes('://') ? text : `ftp://${text}`
  if (!URL.canParse(whole)) throw new UsageError(`${text} is no URL, like ftp://user@host/`)
  const url = new URL(whole)
  if (url.protocol in securities) return url
  throw new UsageError(`the doctor knows ftp://, ftpes:// and ftps://, and not ${url.protocol}//`)
}

const securities: Readonly<Record<string, Security>> = {
  'ftp:': 'clear',
  'ftpes:': 'explicit',
  'ftps:': 'implicit',
}

/** The statuses of all commands: 3 could not connect, 4 not let in, 5 refused by the other side, 7 not trusted. */
function exitStatus(verdicts: readonly Verdict[]): number {
  const [first] = verdicts
  if (first?.weight !== 'trouble') return 0
  switch (first.broken) {
    case 'name':
    case 'control':
      return 3
    case 'tls':
      return 7
    case 'login':
      return 4
    case 'passive':
    case 'active':
    case 'none':
      return 5
  }
}
