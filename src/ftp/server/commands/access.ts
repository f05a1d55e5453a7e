import type { LoginTry } from '../../../core/session.ts'
import { reply } from '../../wire/reply.ts'
import type { CommandTable } from '../command.ts'
import type { Visit } from '../visit.ts'

/** Coming and going: RFC 959 §4.1.1, RFC 7151. */
export const accessCommands: CommandTable = {
  USER: {
    needs: 'nothing',
    help: 'USER <SP> name: who you are; anonymous where the server has a public folder',
    argument: 'needed',
    run(visit, name) {
      visit.logout()
      visit.user = name
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

async function logIn(visit: Visit, password: string) {
  if (visit.login !== undefined) return reply(503, 'You are logged in already.')
  const { user } = visit
  if (user === undefined) return reply(503, 'Say USER first.')
  visit.user = undefined
  return show(visit, { secure: visit.conn.secure, user, proof: { kind: 'password', password } })
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
