import { reply, type Reply } from '../../wire/reply.ts'
import type { CommandTable } from '../command.ts'
import { wishesFor } from '../ftp-tls.ts'
import type { Visit } from '../visit.ts'

/** Encryption: RFC 4217, with the commands of RFC 2228. */
export const secureCommands: CommandTable = {
  AUTH: {
    needs: 'nothing',
    feature: (visit) => (visit.security.settings === undefined ? '' : 'AUTH TLS'),
    help: 'AUTH <SP> TLS: encrypts the control connection from here on',
    argument: 'needed',
    run: (visit, argument) => authenticate(visit, argument.trim().toUpperCase()),
  },
  PBSZ: {
    needs: 'nothing',
    feature: (visit) => (visit.security.settings === undefined ? '' : 'PBSZ'),
    help: 'PBSZ <SP> 0: comes before PROT',
    argument: 'needed',
    run(visit, argument) {
      if (!visit.conn.secure) return reply(503, 'AUTH TLS comes first.')
      if (!/^\d{1,10}$/u.test(argument.trim()))
        return reply(501, 'PBSZ takes a number, and under TLS it is 0.')
      visit.security.sized = true
      return reply(200, 'PBSZ=0')
    },
  },
  PROT: {
    needs: 'nothing',
    feature: (visit) => (visit.security.settings === undefined ? '' : 'PROT'),
    help: 'PROT <SP> P | C: data connections encrypted, or in clear',
    argument: 'needed',
    run: (visit, argument) => protect(visit, argument.trim().toUpperCase()),
  },
  CCC: {
    needs: 'nothing',
    feature: (visit) => (visit.security.settings?.ccc === true ? 'CCC' : ''),
    help: 'CCC: the control connection in clear again, for routers that must read it',
    run(visit) {
      const { settings, control } = visit.security
      if (!visit.conn.secure || control === undefined) return reply(533, 'It is in clear.')
      if (settings?.ccc !== true) return reply(534, 'This server keeps its control connections encrypted.')
      if (visit.login === undefined) return reply(530, 'Log in first: the password must not go in clear.')
      visit.change = () => control.clear()
      return reply(200, 'In clear from here on.')
    },
  },
}

/** AUTH SSL is what the drafts had before RFC 4217, with PROT P implied by some; here both are the same. */
const mechanisms: ReadonlySet<string> = new Set(['TLS', 'TLS-C', 'SSL', 'TLS-P'])

function authenticate(visit: Visit, mechanism: string): Reply {
  const { settings } = visit.security
  if (settings === undefined) return reply(502, 'This server has no TLS.')
  if (settings.users.control === 'off' && settings.anonymous.control === 'off')
    return reply(534, 'This server does not encrypt.')
  if (!mechanisms.has(mechanism)) return reply(504, 'AUTH TLS is what is known here.')
  if (visit.conn.secure) return reply(503, 'It is encrypted already.')
  // RFC 4217 §6: what was agreed in clear may have been said by someone else.
  visit.logout()
  visit.security.sized = false
  visit.security.level = 'C'
  visit.change = () => visit.security.begin(visit.conn)
  return reply(234, 'Begin TLS.')
}

function protect(visit: Visit, level: string): Reply {
  const { security } = visit
  const { settings } = security
  if (settings === undefined || security.binding === undefined) return reply(503, 'AUTH TLS comes first.')
  if (!security.sized) return reply(503, 'PBSZ 0 comes first.')
  const name = visit.login?.session.account.name ?? visit.user
  const { data } = name === undefined ? settings.users : wishesFor(settings, name)
  switch (level) {
    case 'P':
      if (data === 'off') return reply(534, 'Data connections are in clear on this server.')
      security.level = 'P'
      return reply(200, 'Data connections are encrypted.')
    case 'C':
      if (data === 'required') return reply(534, 'Data connections are encrypted on this server.')
      security.level = 'C'
      return reply(200, 'Data connections are in clear.')
    case 'S':
    case 'E':
      return reply(536, 'TLS knows P and C only.')
    default:
      return reply(504, 'PROT takes P or C.')
  }
}
