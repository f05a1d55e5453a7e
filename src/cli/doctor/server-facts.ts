import { X509Certificate, createPrivateKey } from 'node:crypto'
import { access, constants, readFile, stat } from 'node:fs/promises'
import { SettingsError } from '../../accounts/register.ts'
import { NetworkError } from '../../core/error.ts'
import { systemClock } from '../../core/clock.ts'
import { dayMs } from '../../core/day.ts'
import type { Network } from '../../core/network.ts'
import { sqliteBans } from '../../database/bans.ts'
import type { Firewall } from '../../doctor/server/firewall.ts'
import type {
  CertificateFact,
  HomeFact,
  OpenSecret,
  PassiveFact,
  PortFact,
  PublicFact,
  ServerFacts,
} from '../../doctor/server/facts.ts'
import type { Data } from '../../server/data.ts'
import { machineFacts } from './machine-facts.ts'
import type { ServeWords } from '../serving/serve-options.ts'

/** What is known before the machine is looked at. */
export interface ServerAsked {
  readonly wish: ServeWords
  readonly network: Network
  /** Of a server that runs; undefined: none does. */
  readonly running: Running | undefined
  /** undefined: no data folder is there. */
  readonly data: Data | undefined
  readonly connections: number
}

export interface Running {
  readonly pid: number
  readonly listeners: readonly { readonly port: number }[]
}

/** Looks at the machine with the eyes of a configuration. Nothing is changed; ports are listened on for a moment. */
export async function serverFacts(asked: ServerAsked): Promise<ServerFacts> {
  const { wish, network, running, data } = asked
  const machine = await machineFacts(wish.directory, running?.pid)
  const { firewall } = machine
  const files = wish.tls.files[0]
  const [ports, passive, publicAddress, homes] = await Promise.all([
    Promise.all(wishedPorts(wish).map((port) => portFact(asked, firewall, port))),
    passiveFact(asked, firewall, machine.ephemeral),
    publicFact(network, wish.publicAddress),
    homeFacts(wish, data),
  ])
  const now = systemClock.now()
  const bans = data === undefined ? [] : sqliteBans(data.database).bans()
  return {
    running: running !== undefined,
    addresses: network.addresses(),
    host: wish.host,
    ports,
    passive,
    publicAddress,
    ...(wish.publish === undefined ? {} : { published: wish.publish.target.host }),
    firewallRead: firewall !== undefined,
    ftpHelper: firewall?.ftpHelper === true,
    container: machine.container,
    tls: wish.tls.users.control,
    tlsReuse: wish.tls.reuse,
    ...(files === undefined ? {} : { certificate: await certificateFact(files.chain, files.key, now) }),
    openSecrets: await openSecrets([files?.key]),
    disk: machine.disk,
    openFiles: machine.openFiles,
    conntrack: machine.conntrack,
    clockInStep: machine.clockInStep,
    homes: homes.faults,
    accounts: homes.accounts,
    bans: bans.filter(({ ends }) => ends === undefined || ends > now).length,
    anonymous: wish.anonymous,
    weakPasswords: wish.users.filter(isWeak).map(({ name }) => name),
    legacySsh: wish.sftp.legacy.length > 0,
    tftpWrite: wish.tftp.write !== 'off',
    leftovers: machine.leftovers,
    cipherMegabytes: machine.cipherMegabytes,
  }
}

type Wished = Pick<PortFact, 'service' | 'transport' | 'port'>

/** The ports of the configuration; 0 is any that is free, and cannot be looked at. */
function wishedPorts(wish: ServeWords): readonly Wished[] {
  const { ftpPort, ftpsPort, sftpPort, tftpPort } = wish
  const all = [
    { service: 'FTP', transport: 'tcp', port: ftpPort },
    { service: 'FTPS', transport: 'tcp', port: ftpsPort },
    { service: 'SFTP', transport: 'tcp', port: sftpPort },
    { service: 'TFTP', transport: 'udp', port: tftpPort },
  ] as const
  return all.flatMap(({ port, ...more }) => (port === 'off' || port === 0 ? [] : [{ ...more, port }]))
}

async function portFact(
  { network, running, wish }: ServerAsked,
  firewall: Firewall | undefined,
  wished: Wished,
): Promise<PortFact> {
  const ours = running?.listeners.some(({ port }) => port === wished.port) === true
  const state = ours ? 'ours' : await stateOf(network, wished, wish.host)
  const { transport, port } = wished
  return { ...wished, state, firewall: firewall?.verdict(transport, port) ?? 'not known' }
}

async function stateOf(
  network: Network,
  { transport, port }: Pick<Wished, 'transport' | 'port'>,
  address: string | undefined,
): Promise<PortFact['state']> {
  const options = { host: address ?? '0.0.0.0', port }
  try {
    const held =
      transport === 'tcp'
        ? await network.listen(options, (conn) => conn.destroy())
        : await network.datagrams(options, () => undefined)
    await held.close()
    return 'free'
  } catch (thrown) {
    if (!(thrown instanceof NetworkError)) throw thrown
    return thrown.fault === 'not-permitted' ? 'not-permitted' : 'taken'
  }
}

/** Of a long range as many are tried as a busy server uses first. */
const mostTried = 200

async function passiveFact(
  { wish, network, running, connections }: ServerAsked,
  firewall: Firewall | undefined,
  ephemeral: PassiveFact['ephemeral'],
): Promise<ServerFacts['passive']> {
  const { passive, host } = wish
  if (typeof passive === 'string') return passive
  const taken: number[] = []
  const last = Math.min(passive.last, passive.first + mostTried - 1)
  // A server that runs has some of them itself.
  for (let port = passive.first; port <= last; port += 1) {
    if (running !== undefined) break
    if ((await stateOf(network, { transport: 'tcp', port }, host)) === 'taken') taken.push(port)
  }
  const ends = [passive.first, passive.last].map((port) => firewall?.verdict('tcp', port) ?? 'not known')
  const { first } = passive
  return {
    first,
    last: passive.last,
    expected: connections,
    taken,
    ...(ephemeral === undefined ? {} : { ephemeral }),
    firewall: ends.find((end) => end !== 'lets in') ?? 'lets in',
  }
}

async function publicFact(network: Network, said: string | undefined): Promise<PublicFact> {
  const started = systemClock.ticks()
  const ms = (): number => Math.round(systemClock.ticks() - started)
  if (said === undefined) return { said, addresses: [], lookupMs: 0 }
  try {
    return { said, addresses: await network.lookup(said), lookupMs: ms() }
  } catch (thrown) {
    if (!(thrown instanceof NetworkError)) throw thrown
    return { said, addresses: [], lookupMs: ms(), fault: thrown.message }
  }
}

async function certificateFact(file: string, keyFile: string, now: number): Promise<CertificateFact> {
  try {
    const pem = await readFile(file, 'utf8')
    const shown = new X509Certificate(pem)
    const key = createPrivateKey(await readFile(keyFile, 'utf8'))
    const rsaBits = shown.publicKey.asymmetricKeyDetails?.modulusLength
    return {
      file,
      daysLeft: Math.floor((Date.parse(shown.validTo) - now) / dayMs),
      names: shown.subjectAltName ?? '',
      selfSigned: shown.subject === shown.issuer,
      keyFits: shown.checkPrivateKey(key),
      chainLength: pem.split('-----BEGIN CERTIFICATE-----').length - 1,
      ...(rsaBits === undefined ? {} : { rsaBits }),
    }
  } catch (thrown) {
    return { file, fault: thrown instanceof Error ? thrown.message : String(thrown) }
  }
}

async function openSecrets(files: readonly (string | undefined)[]): Promise<readonly OpenSecret[]> {
  const found: OpenSecret[] = []
  for (const file of files) {
    if (file === undefined) continue
    const mode = await modeOf(file)
    if (mode !== undefined && (mode & 0o044) !== 0) found.push({ file, mode: (mode & 0o777).toString(8) })
  }
  return found
}

async function modeOf(file: string): Promise<number | undefined> {
  try {
    return (await stat(file)).mode
  } catch {
    return undefined // What is not there is told by who needs it.
  }
}

/** So many accounts are looked at; where one home is missing, mostly all are. */
const mostHomes = 10_000

async function homeFacts(
  wish: ServeWords,
  data: Data | undefined,
): Promise<{ readonly accounts: number; readonly faults: readonly HomeFact[] }> {
  const folders = new Map<string, string>([['(all)', wish.directory]])
  let accounts = wish.users.length
  for (const name of data?.register.names() ?? []) {
    accounts += 1
    const home = homeOf(data, name)
    if (home !== undefined && home.startsWith('/') && folders.size < mostHomes) folders.set(name, home)
  }
  const faults: HomeFact[] = []
  for (const [account, folder] of folders) {
    const fault = await faultOf(folder, wish.readOnly)
    if (fault !== undefined) faults.push({ account, folder, fault })
  }
  return { accounts, faults }
}

/** Of an account that is not let in, as its settings mean nothing, none is looked at. */
function homeOf(data: Data | undefined, name: string): string | undefined {
  try {
    return data?.register.find(name)?.settings.home
  } catch (thrown) {
    if (thrown instanceof SettingsError) return undefined
    throw thrown
  }
}

async function faultOf(folder: string, readOnly: boolean): Promise<HomeFact['fault'] | undefined> {
  try {
    if (!(await stat(folder)).isDirectory()) return 'no folder'
  } catch {
    return 'missing'
  }
  if (!(await allowed(folder, constants.R_OK | constants.X_OK))) return 'not readable'
  return readOnly || (await allowed(folder, constants.W_OK)) ? undefined : 'not writable'
}

async function allowed(folder: string, mode: number): Promise<boolean> {
  try {
    await access(folder, mode)
    return true
  } catch {
    return false
  }
}

const shortestPassword = 8

function isWeak({ name, password }: { readonly name: string; readonly password?: string }): boolean {
  return password !== undefined && (password.length < shortestPassword || password === name)
}
