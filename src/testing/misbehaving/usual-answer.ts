import { say, type FtpScript, type Step } from './script.ts'

/** What a good server knows of itself while it answers. */
export interface Standing {
  readonly script: FtpScript
  readonly argument: string
  /** The content of a file; undefined: there is none. */
  readonly content: (path: string) => Uint8Array | undefined
}

/** What a good server does for a command. */
export function usualAnswer(verb: string, standing: Standing): readonly Step[] {
  const { script } = standing
  if (script.unknown?.includes(verb) === true) return [say(`500 ${verb} not understood`)]
  const fixed = replies[verb]
  if (fixed !== undefined) return [say(fixed)]
  return answers[verb]?.(standing) ?? [say(`500 ${verb} not understood`)]
}

const replies: Readonly<Record<string, string>> = {
  USER: '331 Password please',
  PASS: '230 Logged in',
  ACCT: '230 Logged in',
  SYST: '215 UNIX Type: L8',
  PWD: '257 "/" is the current directory',
  TYPE: '200 Type set',
  MODE: '200 Mode set',
  STRU: '200 Structure set',
  OPTS: '200 Done',
  NOOP: '200 Here',
  ALLO: '202 Not needed',
  REST: '350 Going on there',
  CDUP: '250 Done',
  DELE: '250 Removed',
  MKD: '257 "/new" made',
  RMD: '250 Removed',
  RNFR: '350 Now its new name',
  RNTO: '250 Renamed',
  SITE: '200 Done',
  ABOR: '226 Nothing to stop',
  PORT: '200 PORT understood',
  EPRT: '200 EPRT understood',
}

const sent: readonly Step[] = [
  say('150 Here it comes'),
  { kind: 'send' },
  { kind: 'end-data' },
  say('226 All of it sent'),
]

const answers: Readonly<Record<string, (standing: Standing) => readonly Step[]>> = {
  FEAT: ({ script }) => {
    const features = ['SIZE', 'MDTM', 'REST STREAM', 'EPSV', 'UTF8', ...(script.features ?? [])]
    if (script.facts !== undefined) features.push('MLST type*;size*;modify*;')
    const known = features.filter((feature) => script.unknown?.includes(feature) !== true)
    return [say(['211-Features:', ...known.map((feature) => ` ${feature}`), '211 End'].join('\r\n'))]
  },
  CWD: ({ argument, script }) => {
    const folder = `/${argument.replaceAll(/^\/+|\/+$/gu, '')}`
    const below = folder === '/' ? folder : `${folder}/`
    const known = below === '/' || Object.keys(script.files ?? {}).some((path) => path.startsWith(below))
    return [say(known ? '250 Here' : '550 No such directory')]
  },
  SIZE: ({ argument, content }) => {
    const bytes = content(argument)
    return [say(bytes ? `213 ${bytes.length}` : '550 No such file')]
  },
  MDTM: ({ argument, content }) => [say(content(argument) ? '213 20260102030405' : '550 No such file')],
  MLST: ({ argument, content, script }) => {
    if (script.facts === undefined) return [say('500 MLST not understood')]
    const bytes = content(argument)
    const type = bytes ? `type=file;size=${bytes.length};` : 'type=dir;'
    return [say(`250-Facts\r\n ${type}modify=20260102030405; ${argument}\r\n250 End`)]
  },
  EPSV: () => [{ kind: 'listen' }, say('229 Entering Extended Passive Mode (|||{port}|)')],
  PASV: () => [{ kind: 'listen' }, say('227 Entering Passive Mode (127,0,0,1,{numbers}).')],
  RETR: ({ argument, content }) => (content(argument) ? sent : [say('550 No such file')]),
  LIST: () => sent,
  NLST: () => sent,
  MLSD: ({ script }) => (script.facts === undefined ? [say('500 MLSD not understood')] : sent),
  STOR: () => received,
  APPE: () => received,
  QUIT: () => [say('221 Good-bye'), { kind: 'close' }],
}

const received: readonly Step[] = [say('150 Ready'), { kind: 'receive' }, say('226 All of it stored')]
