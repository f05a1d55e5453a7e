import { familyOf, isUnspecified, sameAddress } from '../../../core/address.ts'
import type { Peer } from '../../../core/network.ts'
import { formatEpsvPort, formatPort, parseEprt, parsePort } from '../../wire/address.ts'
import { reply, type Reply } from '../../wire/reply.ts'
import type { CommandTable } from '../command.ts'
import type { LoggedIn } from '../logged-in.ts'

/** How the data connection comes about: RFC 959 §4.1.2, RFC 2428. */
export const connectCommands: CommandTable = {
  PORT: {
    needs: 'login',
    help: 'PORT <SP> h1,h2,h3,h4,p1,p2: active mode, the server connects to this IPv4 address and port',
    argument: 'needed',
    run(login, argument) {
      login.portArgument = argument
      // Devices with a field of fixed width leave blanks behind it, and other servers pass over them.
      const peer = parsePort(argument.trim())
      return peer === undefined
        ? reply(501, 'Six numbers from 0 to 255, please.')
        : agree(login, peer, 'PORT')
    },
  },
  EPRT: {
    needs: 'login',
    feature: 'EPRT',
    help: 'EPRT <SP> |family|address|port|: active mode, the server connects there; family 1 is IPv4, 2 is IPv6',
    argument: 'needed',
    run(login, argument) {
      login.portArgument = argument
      const asked = parseEprt(argument.trim())
      switch (asked.kind) {
        case 'peer':
          return agree(login, asked.peer, 'EPRT')
        case 'unknown-family':
          return reply(522, 'That network protocol is not known here, use (1,2).')
        case 'malformed':
          return reply(501, 'Like this: |1|192.0.2.1|5282| or |2|2001:db8::1|5282|.')
      }
    },
  },
  PASV: {
    needs: 'login',
    help: 'PASV: passive mode, the client connects to where the reply says (IPv4)',
    run: async (login) => passive(login),
  },
  EPSV: {
    needs: 'login',
    feature: 'EPSV',
    help: 'EPSV [<SP> 1|2|ALL]: passive mode, the client connects to this address and the port of the reply',
    run: async (login, argument) => extendedPassive(login, argument.trim().toUpperCase()),
  },
}

function agree(login: LoggedIn, peer: Peer, verb: string): Reply {
  const { conn, server } = login.visit
  if (login.epsvOnly) return onlyEpsv(verb)
  if (!server.settings.active) return reply(502, 'Active mode is off on this server, use PASV or EPSV.')
  const { address } = conn.remote
  // RFC 2577 §3: never to a third party, never to a well-known port.
  // No address at all is no third party: lftp says EPRT |2|::|port| to a server on ::1.
  if (!isUnspecified(peer.address) && !sameAddress(peer.address, address)) {
    return reply(
      500,
      `You said ${peer.address}, but you are ${address} as seen from here, and only there may the server connect.`,
      'With a router between us, use passive mode.',
    )
  }
  if (peer.port < 1024) return reply(500, 'The server does not connect to ports below 1024.')
  login.data.active({ address, port: peer.port })
  return reply(200, `${verb} taken, the server will connect to ${address} port ${peer.port}.`)
}

async function passive(login: LoggedIn): Promise<Reply> {
  if (login.epsvOnly) return onlyEpsv('PASV')
  const { conn, server } = login.visit
  if (familyOf(conn.local.address) !== 4) return reply(425, 'PASV can only tell IPv4 addresses, use EPSV.')
  const { address, warning } = await server.announcer.addressFor(conn.local, conn.remote)
  const port = await login.data.passive()
  const where = formatPort({ address, port })
  if (warning === undefined) return reply(227, `Entering passive mode (${where}).`)
  login.visit.warn(`PASV told ${address} to ${conn.remote.address}: ${warning.log}`)
  return reply(227, `Entering passive mode (${where}). ${warning.reply}`)
}

async function extendedPassive(login: LoggedIn, argument: string): Promise<Reply> {
  if (argument === 'ALL') {
    login.epsvOnly = true
    return reply(200, 'Only EPSV from here on.')
  }
  const family = familyOf(login.visit.conn.local.address) === 4 ? '1' : '2'
  if (argument === '1' || argument === '2') {
    if (argument !== family)
      return reply(522, `The control connection is of the other family, use (${family}).`)
  } else if (argument !== '') {
    return /^\d+$/u.test(argument)
      ? reply(522, `That network protocol is not known here, use (${family}).`)
      : reply(501, 'EPSV takes nothing, 1, 2 or ALL.')
  }
  return reply(229, `Entering extended passive mode ${formatEpsvPort(await login.data.passive())}.`)
}

function onlyEpsv(verb: string): Reply {
  return reply(503, `${verb} is not taken after EPSV ALL.`)
}
