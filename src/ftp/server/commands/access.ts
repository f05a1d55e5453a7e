import type { Proof } from '../../../core/account.ts'
import type { LoginTry } from '../../../core/session.ts'
import type { PeerCertificate, TlsIdentity } from '../../../core/tls.ts'
import { reply, type Reply } from '../../wire/reply.ts'
import type { CommandTable } from '../command.ts'
import { wishesFor } from '../ftp-tls.ts'
import type { Visit } from '../visit.ts'

/** Coming and going: RFC 959 §4.1.1, RFC 7151. */
export const accessCommands: CommandTable = {
  USER: {
    needs: 'nothing',
    help: 'USER <SP> name: who you are; anonymous where the server has a public folder',
    argument: 'needed',
    async run(visit, name) {
      visit.logout()
      const wish = loginWish(visit, name)
      if (wish !== undefined) return wish
      visit.user = name
      const byCertificate = await showCertificate(visit, name)
      if (byCertificate !== undefined) return byCertificate
      // The same for every name (RFC 2577 §6): who is known here is nobody's business.
      return reply(331, 'Say the password with PASS.')
    },
  },
  PASS: {
    needs: 'nothing',
    help: 'PASS <SP> password: proves it',
    run: async (visit, password) => logIn(visit, password),
  },
  ACCT: {
    needs: 'nothing',
    help: 'ACCT <SP> code: the one-time code of a login that asks for one',
    run: async (visit, code) => showCode(visit, code),
  },
  REIN: {
    needs: 'nothing',
    help: 'REIN: ends the login and keeps the connection',
    run(visit) {
      // RFC 4217 §11 wants the connection in clear again, and then the next user would log in so unnoticed.
      if (visit.conn.secure) return reply(502, 'Under TLS a new connection is needed for that.')
      visit.logout()
      visit.host = undefined
      visit.idleMs = visit.server.settings.loginMs
      return reply(220, 'Ready for another user.')
    },
  },
  QUIT: {
    needs: 'nothing',
    urgent: true,
    help: 'QUIT: says good-bye; a transfer that runs is let to its end',
    run(visit) {
      visit.quit = true
      const busy = visit.running?.announced === true
      return reply(221, busy ? 'Good-bye, once the transfer has ended.' : 'Good-bye.')
    },
  },
  HOST: {
    needs: 'nothing',
    feature: 'HOST',
    help: 'HOST <SP> name: the server that you mean, where several share an address',
    argument: 'needed',
    run(visit, name) {
      // RFC 7151 §3.1: only before the login.
      if (visit.login !== undefined) return reply(503, 'HOST comes before the login.')
      const host = name.replace(/^\[(.*)\]$/u, '$1').toLowerCase()
      const { hosts } = visit.server.settings
      if (hosts.length > 0 && !hosts.includes(host)) return reply(504, 'There is no such host here.')
      visit.logout()
      visit.host = host
      return reply(220, 'Host accepted.')
    },
  },
}

/** Before a password goes in clear where it must not; the names of guests alone make a difference. */
function loginWish({ conn, security: { settings } }: Visit, name: string): Reply | undefined {
  if (settings === undefined) return undefined
  const { control } = wishesFor(settings, name)
  if (control === 'required' && !conn.secure)
    return reply(530, 'This server wants to be spoken to encrypted: say AUTH TLS first.')
  if (control === 'off' && conn.secure) return reply(534, 'This user logs in in clear only.')
  return undefined
}

/** RFC 4217 §10: who has shown a certificate may need no password, and is told by 232. */
async function showCertificate(visit: Visit, user: string): Promise<Reply | undefined> {
  const { settings, control } = visit.security
  if (settings === undefined || settings.certificates === 'off') return undefined
  const peer = visit.conn.secure ? control?.tls.peer : undefined
  const wrong = peer === undefined ? 'none was shown' : faultOf(peer, settings.identity(visit.host))
  if (peer === undefined || wrong !== undefined) {
    if (peer !== undefined) visit.warn(`the certificate of the client is not taken: ${wrong}`)
    if (settings.certificates !== 'required') return undefined
    visit.user = undefined
    return reply(530, 'A certificate of your own is needed here, and one that is taken.')
  }
  const proof: Proof = { kind: 'certificate', fingerprint: peer.fingerprint }
  const attempt: LoginTry = { secure: true, user, proof }
  if (!(await visit.visitor.wouldTake(attempt))) return undefined
  const result = await visit.visitor.login(attempt)
  if ('refused' in result) {
    visit.shown = [proof]
    return undefined
  }
  visit.user = undefined
  visit.enter(result)
  return reply(232, `Logged in as ${result.account.name}, by certificate.`)
}

/** A certificate that nobody signed is known by its fingerprint, unless authorities are named: then one of them must have. */
function faultOf(peer: PeerCertificate, identity: TlsIdentity): string | undefined {
  return identity.clientAuthorities === undefined ? undefined : peer.fault
}

async function logIn(visit: Visit, password: string) {
  if (visit.login !== undefined) return reply(503, 'You are logged in already.')
  const { user } = visit
  if (user === undefined) return reply(503, 'Say USER first.')
  visit.user = undefined
  const { shown } = visit
  return show(visit, {
    secure: visit.conn.secure,
    user,
    proof: { kind: 'password', password },
    ...(shown.length > 0 ? { earlier: shown } : {}),
  })
}

/** RFC 959 §4.1.1: ACCT is what a login may need beyond the password, and 332 asks for it. */
async function showCode(visit: Visit, code: string) {
  const { halfway } = visit
  if (halfway === undefined) return reply(202, 'No account is needed beyond the login.')
  visit.halfway = undefined
  const { user, proof: shown, secure } = halfway
  return show(visit, { secure, user, proof: { kind: 'code', code }, earlier: [shown] })
}

async function show(visit: Visit, attempt: LoginTry) {
  const { host } = visit
  const result = await visit.visitor.login({ ...attempt, ...(host === undefined ? {} : { host }) })
  if (!('refused' in result)) {
    visit.enter(result)
    return reply(230, `Logged in as ${result.account.name}.`)
  }
  if (result.final) visit.quit = true
  else if (result.wanted?.includes('code')) {
    visit.halfway = attempt
    return reply(332, 'Say the one-time code with ACCT.')
  }
  return reply(result.final ? 421 : 530, result.text)
}
