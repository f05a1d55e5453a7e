import { Dialogue } from '../dialogue.ts'
import type { Secured } from '../secured.ts'
import { encryptControl, protector } from './encrypt.ts'
import { askFeatures, greet, logIn, textOf } from './enter.ts'
import type { Examination } from './examination.ts'
import { knock } from './reach.ts'
import { mayLogIn } from './standing.ts'

/** A session of its own that is logged in, and how it was come by. */
export interface Begun {
  readonly examination: Examination
  readonly dialogue: Dialogue
  /** The same without going on with a session of TLS. */
  readonly afresh?: Examination
}

/** Does something in a session of its own, or says what came of the try to begin one. */
export async function inOwnSession<Found>(
  examination: Examination,
  address: string,
  tls: boolean,
  work: (begun: Begun, found: Secured) => Promise<Found>,
  otherwise: (found: Secured) => Found,
  idles = false,
): Promise<Found> {
  const { conn, knock: found } = await knock(examination, address, examination.port, idles)
  if (conn === undefined) return otherwise({ greeting: { ...found, speaks: 'nothing' } })
  const dialogue = new Dialogue(conn, examination.clock, examination.said)
  try {
    const { begun, found: entered } = await (tls ? enterSecurely : enterInClear)(examination, dialogue)
    return begun === undefined ? otherwise(entered) : await work(begun, entered)
  } finally {
    dialogue.leave()
  }
}

interface Entered {
  readonly begun?: Begun
  readonly found: Secured
}

async function enterInClear(examination: Examination, dialogue: Dialogue): Promise<Entered> {
  const greeting = await greet(examination, dialogue)
  if (greeting.outcome !== 'works') return { found: { greeting } }
  const login = await logIn(examination, dialogue)
  return login.outcome === 'works'
    ? { begun: { examination, dialogue }, found: { login } }
    : { found: { login } }
}

/** AUTH, the handshake, the login, PBSZ and PROT, in the order of RFC 4217 §12. */
async function enterSecurely(examination: Examination, dialogue: Dialogue): Promise<Entered> {
  const implicit = examination.security === 'implicit'
  const greeting = implicit ? undefined : await greet(examination, dialogue)
  if (greeting !== undefined && greeting.outcome !== 'works') return { found: { greeting } }
  const { found: shaken, conn } = await encryptControl(examination, dialogue, implicit)
  if (conn === undefined) return { found: shaken }
  const welcome = implicit ? await greet(examination, dialogue) : undefined
  if (welcome !== undefined && welcome.outcome !== 'works') return { found: { ...shaken, greeting: welcome } }
  const features = await askFeatures(examination, dialogue)
  if (dialogue.lost) return { found: { ...shaken, features } }
  const standing = shaken.handshake?.certificate?.standing
  if (standing !== undefined && !mayLogIn(examination, standing)) {
    const text = 'the password is not said to who may be anybody'
    return { found: { ...shaken, features, login: { outcome: 'not-tried', ms: 0, text } } }
  }
  const login = await logIn(examination, dialogue)
  if (login.outcome !== 'works') return { found: { ...shaken, features, login } }
  await dialogue.say('PBSZ 0', examination.patienceMs)
  const heard = await dialogue.say('PROT P', examination.patienceMs)
  const prot = { outcome: heard.outcome, ms: heard.ms, ...textOf(heard) }
  const found = { ...shaken, features, login, prot }
  if (prot.outcome !== 'works') return { begun: { examination, dialogue }, found }
  const resumed = { ...examination, protect: protector(examination, conn, true) }
  const afresh = { ...examination, protect: protector(examination, conn, false) }
  return { begun: { examination: resumed, dialogue, afresh }, found }
}
