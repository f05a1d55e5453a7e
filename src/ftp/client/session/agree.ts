import type { Reply } from '../../wire/reply.ts'
import type { Control } from './control.ts'
import { isProtected } from './encrypt.ts'
import type { ClientHouse } from '../house.ts'
import { NotTogether, sayTogether } from './say-together.ts'

/** What a session and its server have agreed on once the login is done. */
export interface Agreed {
  /** Whether data connections are encrypted. */
  readonly isPrivate: boolean
  /** What FEAT said, a line each. */
  readonly features: readonly string[]
  /** Where the login landed, in the server's own words. */
  readonly landing: string
  /** Whether TYPE I is said already. */
  readonly isBinary: boolean
}

/**
 * Asks all that is to be known before the first file: in one write where the server is known to take that, as each question
 * is a round trip. What an earlier session of the same login was told is not asked again.
 */
export function agree(house: ClientHouse, control: Control, isEncrypted: boolean): Promise<Agreed> {
  const how = house.together.mayBegin ? atOnce : oneByOne
  return how(house, control, isEncrypted)
}

const pbsz = 'PBSZ 0'
const prot = 'PROT P'
const utf8 = 'OPTS UTF8 ON'
const binary = 'TYPE I'

async function oneByOne(house: ClientHouse, control: Control, isEncrypted: boolean): Promise<Agreed> {
  const { landed } = house
  if (isEncrypted) await control.ask(pbsz)
  const isPrivate = isEncrypted && isProtected(house, await control.ask(prot))
  const features = landed?.features ?? featuresIn(await control.ask('FEAT'))
  if (features.some(isUtf8)) await control.ask(utf8)
  const landing = landed?.landing ?? landingIn(await control.ask('PWD'))
  return { isPrivate, features, landing, isBinary: false }
}

async function atOnce(house: ClientHouse, control: Control, isEncrypted: boolean): Promise<Agreed> {
  const { landed } = house
  const questions = [
    ...(isEncrypted ? [pbsz, prot] : []),
    ...(landed === undefined ? ['FEAT'] : []),
    // Who does not know it says so, and nothing is lost; and only behind it is a path told in UTF-8.
    ...(landed === undefined || landed.features.some(isUtf8) ? [utf8] : []),
    ...(landed === undefined ? ['PWD'] : []),
    binary,
  ]
  const replies = await sayTogether(house, control, questions)
  const to = (question: string): Reply => {
    const reply = replies[questions.indexOf(question)]
    if (reply === undefined) throw new NotTogether(`${question} was not answered`)
    return reply
  }
  const isBinary = to(binary).code < 300
  return {
    isPrivate: isEncrypted && isProtected(house, to(prot)),
    features: landed?.features ?? featuresIn(to('FEAT')),
    landing: landed?.landing ?? landingIn(to('PWD')),
    isBinary,
  }
}

function isUtf8(line: string): boolean {
  return /^UTF8\b/iu.test(line)
}

function featuresIn(reply: Reply): readonly string[] {
  if (reply.code !== 211) return []
  return reply.lines.slice(1, -1).map((line) => line.trim())
}

/** The directory in a 257 reply: in quotes, a quote doubled (RFC 959, appendix II). Some write it bare. */
function landingIn(reply: Reply): string {
  if (reply.code !== 257) return '/'
  const text = reply.lines.join(' ')
  const quoted = /"((?:[^"]|"")*)"/u.exec(text)?.[1]?.replaceAll('""', '"')
  return quoted ?? /^(\S+)/u.exec(text)?.[1] ?? '/'
}
