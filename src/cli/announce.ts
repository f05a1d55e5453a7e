import { networkInterfaces } from 'node:os'
import { resolve } from 'node:path'
import { isUnspecified } from '../core/address.ts'
import type { Listener, Server } from '../server/serve.ts'
import type { NamedUser, ServeWords } from './serve-options.ts'

/**
 * Says on stdout that all listeners stand. For people: where, as whom, and a line to paste into another terminal. For
 * programs: one line of JSON. `generated` is the user that was made up, whose password is told here and nowhere else.
 */
export function announce(wish: ServeWords, server: Server, generated: NamedUser | undefined): void {
  const listeners = server.listeners.map(reachable)
  if (wish.json) {
    const user = generated === undefined ? {} : { user: generated.name, password: generated.password }
    process.stdout.write(`${JSON.stringify({ ready: true, listeners, ...user })}\n`)
    return
  }
  process.stdout.write(readyText(wish, listeners, generated, lanAddresses()))
}

/** A listener on all addresses is reached here at the loopback one. */
function reachable({ protocol, address, port, ...more }: Listener): Listener {
  return { ...more, protocol, address: isUnspecified(address) ? '127.0.0.1' : address, port }
}

/** The first lines for people. */
export function readyText(
  wish: ServeWords,
  listeners: readonly Listener[],
  generated: NamedUser | undefined,
  lan: readonly string[],
): string {
  const lines = [`Serving ${resolve(wish.directory)}${wish.readOnly ? ', to read only' : ''}`]
  for (const { protocol, address, port, fingerprint } of listeners) {
    lines.push(`  ${protocol.padEnd(4)} ${urlOf(protocol, address, port)}`)
    if (wish.host === undefined) for (const other of lan) lines.push(`       ${urlOf(protocol, other, port)}`)
    if (fingerprint !== undefined) lines.push(`       host key ${fingerprint}`)
  }
  if (listeners.some(({ protocol }) => protocol === 'tftp')) {
    lines.push(`  TFTP knows no users: everybody may read${wish.tftpWrite ? ', and upload new files' : ''}`)
  }
  if (generated !== undefined) {
    lines.push(`  user      ${generated.name}`, `  password  ${generated.password}`)
  }
  lines.push('Try it in another terminal:')
  for (const { protocol, address, port } of listeners) {
    const url = urlOf(protocol, address, port)
    // TFTP has no listing: whoever tries it must name a file.
    if (protocol === 'tftp') lines.push(`  curl --output NAME ${url}NAME`)
    else if (protocol === 'sftp') lines.push(`  sftp -P ${port} ${nameOf(wish, generated)}${address}`)
    else lines.push(`  curl ${credentials(wish, generated)}${url}`)
  }
  if (listeners.some(({ protocol }) => protocol !== 'sftp'))
    lines.push(`${clearNames(listeners)}: nobody between you and the client is kept from reading them.`)
  return `${lines.join('\n')}\n`
}

/** With SFTP alone nothing of it is true. */
function clearNames(listeners: readonly Listener[]): string {
  const withSftp = listeners.some(({ protocol }) => protocol === 'sftp')
  return `Passwords and files travel in clear${withSftp ? ', but for SFTP' : ''}`
}

function nameOf(wish: ServeWords, generated: NamedUser | undefined): string {
  const name = generated?.name ?? wish.users[0]?.name ?? (wish.anonymous ? 'anonymous' : undefined)
  return name === undefined ? '' : `${name}@`
}

function credentials(wish: ServeWords, generated: NamedUser | undefined): string {
  if (generated !== undefined) return `--user ${generated.name}:${generated.password} `
  const [first] = wish.users
  return first === undefined ? '' : `--user ${first.name} `
}

function urlOf(protocol: string, address: string, port: number): string {
  return `${protocol}://${address.includes(':') ? `[${address}]` : address}:${port}/`
}

/** What others can reach this machine by: its IPv4 addresses beyond loopback. */
function lanAddresses(): string[] {
  const all = Object.values(networkInterfaces()).flatMap((addresses) => addresses ?? [])
  return all.filter(({ family, internal }) => family === 'IPv4' && !internal).map(({ address }) => address)
}
