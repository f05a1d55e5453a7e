import type { LoginError } from '../../../core/error.ts'
import { guestPassword } from '../../../core/guest-names.ts'
import type { Reply } from '../../wire/reply.ts'
import type { Control } from './control.ts'
import { loginError, textOf } from '../faults.ts'
import type { ClientHouse } from '../house.ts'

/** Logs in with USER, and PASS and ACCT where they are asked for (RFC 959 §5.4). */
export async function logIn(house: ClientHouse, control: Control): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    const reply = await tryOnce(house, control, attempt)
    if (reply.code >= 200 && reply.code < 300) return
    // A wrong password may be said once more, by whoever can be asked: a new USER begins anew.
    const known = house.password
    house.password = undefined
    const isOver = reply.code !== 530 || attempt >= 2 || known === undefined || !control.usable
    if (isOver || house.options.user === undefined) throw refused(house, reply)
    const again = await secret(house, attempt + 1)
    if (again === undefined || again === known) throw refused(house, reply)
    house.password = again
  }
}

async function tryOnce(house: ClientHouse, control: Control, attempt: number): Promise<Reply> {
  let reply = await control.ask(`USER ${house.user}`)
  if (reply.code === 331) {
    house.password ??= await secret(house, attempt)
    if (house.password === undefined) {
      throw loginError(reply, `the server asks for the password of ${house.user}, and there is none`)
    }
    reply = await control.ask(`PASS ${house.password}`, 'PASS ****')
  }
  if (reply.code !== 332) return reply
  if (house.options.account === undefined) {
    throw loginError(reply, 'the server asks for an account (ACCT), and none was said')
  }
  return control.ask(`ACCT ${house.options.account}`, 'ACCT ****')
}

async function secret(house: ClientHouse, attempt: number): Promise<string | undefined> {
  // RFC 1635: whoever has no account says anonymous, and who that is for a password.
  if (house.options.user === undefined && attempt === 1) {
    return (await house.ask.secret(wanted(house, attempt))) ?? guestPassword
  }
  return house.ask.secret(wanted(house, attempt))
}

function wanted({ host, user }: ClientHouse, attempt: number): Parameters<ClientHouse['ask']['secret']>[0] {
  return { kind: 'password', prompt: `Password of ${user} at ${host}`, host, user, attempt }
}

function refused({ options }: ClientHouse, reply: Reply): LoginError {
  const tls = /\b(?:TLS|SSL|encrypt)/iu.test(textOf(reply))
  if (tls || reply.code === 534 || reply.code === 521 || reply.code === 522) {
    return loginError(reply, 'the server lets nobody in without TLS', 'Use ftpes:// instead of ftp://.')
  }
  if (/\bcertificates?\b/iu.test(textOf(reply))) {
    const hint = '--cert FILE shows ours, with its key in --key FILE.'
    return loginError(reply, 'the server lets in only who shows a certificate that it knows', hint)
  }
  if (
    reply.code === 421 ||
    /too many|max(?:imum)?\b.{0,20}\b(?:connection|session|client|user)s?/iu.test(textOf(reply))
  ) {
    // ProFTPD says 530 to it, as to a wrong password; it passes all the same.
    return loginError(
      reply,
      'the server has too many sessions',
      'Use fewer connections at once, or wait.',
      true,
    )
  }
  if (options.user === undefined) {
    return loginError(reply, 'the server lets no guests in', 'Say who you are: ftp://NAME@HOST/.')
  }
  return loginError(reply, 'the server does not let us in', 'Check the user name and the password.')
}
