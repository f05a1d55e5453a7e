import { readFile } from 'node:fs/promises'
import { network } from '../../accounts/settings.ts'
import { configShapes, type Config } from '../../config/config.ts'
import { readConfig } from '../../config/read-config.ts'
import { flag, list, record, text, word, type Shape } from '../../config/shape.ts'
import { asFileError } from '../../stores/disk/faults.ts'
import { serveRows } from './serve-rows.ts'

/** What a configuration says: words for `ferry serve`, and all else. */
export interface LoadedConfig {
  readonly config: Config
  readonly words: readonly string[]
  /** The same, by the key that says it. */
  readonly wordsOf: ReadonlyMap<string, readonly string[]>
  readonly problems: readonly string[]
  readonly origins: ReadonlyMap<string, string>
  readonly said: Readonly<Record<string, unknown>>
}

/** Reads ferry.yaml, or the environment alone. What is wrong comes back in `problems`, and then nothing else counts. */
export async function loadConfig(
  file: string | undefined,
  env: Readonly<Record<string, string | undefined>> = process.env,
): Promise<LoadedConfig> {
  const none = new Map<string, never>()
  const nothing = { config: {}, words: [], wordsOf: none, origins: none, said: {} }
  let written = ''
  try {
    if (file !== undefined) written = await readFile(file, 'utf8')
  } catch (thrown) {
    return { ...nothing, problems: [`${file} cannot be read: ${asFileError(thrown).message}`] }
  }
  const { value, problems, origins } = readConfig(file ?? 'the environment', written, env, configShape)
  if (value === undefined) return { ...nothing, problems }
  const said: Record<string, unknown> = { ...value }
  const byKey = new Map(Object.keys(serveShapes).map((key) => [key, wordsFor(key, said[key])]))
  return { config: value, words: [...byKey.values()].flat(), wordsOf: byKey, problems, origins, said }
}

/** What the options mean, for the schema; the long of it stands in `ferry help`. */
const abouts: Readonly<Record<string, string>> = {
  folder: 'The folder that is shared; accounts without a home of their own see it',
  data: 'Where accounts, keys and bans are kept',
  user: 'Users as NAME:PASSWORD; better kept by ferry user add',
  authorizedKeys: 'Files of public keys that let the users of `user` in; %u is the name of the user',
  sftpSetstat: 'told or ignored: whether SFTP clients hear that permissions or times cannot be set',
  sshLegacy: 'Old algorithms for one device: [USER@]NETWORK=NAME,NAME',
  hostKey: 'Files with the host keys of SFTP, instead of those that are made and kept',
  hostCertificate: 'Files with what authorities say of these host keys, as ssh-keygen -h -s makes them',
  sshCa: 'Files of authorities whose certificates let users in by SFTP',
  sshRevoked: 'A file of keys that let nobody in any more',
  runAs: 'Who to be once the ports are open, where root has started it',
  anonymous: 'Lets everybody in, to read only',
  readOnly: 'Nobody may change anything',
  write: 'Users may change files, which they may anyway',
  inPlace: 'Uploads appear as they come',
  ftp: 'The port of FTP, or off',
  ftps: 'The port of FTP that begins with TLS, or off',
  sftp: 'The port of SFTP, or off',
  tftp: 'The port of TFTP, or off',
  tftpPorts: 'Ports for the transfers of TFTP, like 50000-50100',
  tftpSinglePort: 'All of TFTP over its one port',
  tftpWrite: 'Takes uploads by TFTP, under names that are free',
  tftpOverwrite: 'Takes uploads by TFTP, also in place of files that are there',
  tftpBlksize: 'The largest block that TFTP agrees to',
  tftpWindowsize: 'The largest window that TFTP agrees to, in blocks',
  tftpRoot: 'Folders of their own for the TFTP clients of networks, as NETWORK=DIR',
  tftpRemap: "A file of tftpd-hpa's rules for names",
  tls: 'required, offered or off: TLS on the control connection of FTP, and for data unless tlsData says otherwise',
  tlsData: 'required, offered or off: TLS on data connections',
  tlsGuests: 'required, offered or off: TLS for anonymous users, on the control connection and for data',
  tlsGuestsData: 'required, offered or off: TLS for the data of anonymous users',
  tlsReuse: 'require, prefer or address: what proves whose a data connection is',
  tlsEnd: 'strict or lenient: whether an upload needs close_notify at its end',
  tlsCcc: 'Takes CCC, for routers that must read the control connection',
  cert: 'Files with the certificates to show, the first to who asks for no name; read anew when they change',
  key: 'Files with their keys, in the same order; left out where one file holds both',
  clientCert: 'off, taken or required: certificates of users',
  clientCa: "A file of authorities that users' certificates are from",
  clientCrl: 'A file of those certificates that hold no longer',
  host: 'The address to listen on; all if not said',
  passive: 'Ports of passive mode, like 50000-50100, or off',
  publicAddress: 'What clients outside are told in PASV',
  publish: 'An SSH host where others reach what is served here: ssh://user@host:port',
  publishFtp: 'The port of FTP there, or off; the same as here if not said',
  publishFtps: 'The port of FTP there that begins with TLS, or off; the same as here if not said',
  publishSftp: 'The port of SFTP there, or off; the same as here if not said',
  publishHttp: 'The port there of /metrics and /health, or off, as it is if not said',
  grace: 'Seconds that transfers may go on when the server is stopped',
  workers: 'How many threads serve at the same ports, or auto: one for each core; 1 if not said',
  json: 'One line of JSON an event',
  quiet: 'Say less',
  verbose: 'Say each line that is spoken',
}

/** The options of `ferry serve` as keys: `publicAddress` for `--public-address`. */
const serveShapes: Readonly<Record<string, Shape<unknown>>> = Object.fromEntries(
  Object.entries(serveRows)
    .filter(([option]) => option !== 'config')
    .map(([option, { type, ...more }]): [string, Shape<unknown>] => {
      const about = abouts[keyOf(option)] ?? `as --${option} of ferry serve`
      if (type === 'boolean') return [keyOf(option), flag(about)]
      if ('multiple' in more) return [keyOf(option), list(about, text(about))]
      return [keyOf(option), optionWord(about)]
    }),
)

/** The whole of ferry.yaml. */
export const configShape: Shape<object> = record<Record<string, unknown>>(
  'The configuration of ferry serve',
  {
    ...serveShapes,
    ...configShapes(network),
  },
)

function optionWord(about: string): Shape<string> {
  const plain = word(about, 'a text or a number', (said) => (said === '' ? undefined : said), {
    type: ['string', 'integer', 'boolean'],
  })
  return {
    schema: plain.schema,
    // YAML of old reads off as false.
    read: (given, path, problems) => plain.read(given === false ? 'off' : given, path, problems),
  }
}

function keyOf(option: string): string {
  return option.replaceAll(/-(\w)/gu, (_, letter: string) => letter.toUpperCase())
}

function wordsFor(key: string, value: unknown): string[] {
  const option = `--${key.replaceAll(/[A-Z]/gu, (letter) => `-${letter.toLowerCase()}`)}`
  if (value === true) return [option]
  if (Array.isArray(value)) return value.map((item: unknown) => `${option}=${String(item)}`)
  return typeof value === 'string' ? [`${option}=${value}`] : []
}
