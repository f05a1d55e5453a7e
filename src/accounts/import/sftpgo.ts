import { isRecord } from '../../core/is-record.ts'
import type { Imported } from './imported.ts'

type Json = Readonly<Record<string, unknown>>

/** SFTPGo's dump (`/api/v2/dumpdata`): its users, with what of them means the same here. */
export function readSftpgo(text: string): readonly Imported[] {
  const dump: unknown = JSON.parse(text)
  const users = isRecord(dump) && Array.isArray(dump['users']) ? dump['users'] : []
  return users.filter(isRecord).map(userOf)
}

function userOf(user: Json): Imported {
  const filters = isRecord(user['filters']) ? user['filters'] : {}
  const notes: string[] = []
  const quota = { ...positive('bytes', user['quota_size']), ...positive('files', user['quota_files']) }
  const rate = {
    ...positive('download', user['download_bandwidth'], 1024),
    ...positive('upload', user['upload_bandwidth'], 1024),
  }
  const networks = strings(filters['allowed_ip'])
  const denied = strings(filters['denied_protocols'])
  for (const [key, value] of [...Object.entries(filters), ...Object.entries(user)])
    if (restrictions.has(key) && saysSomething(value)) notes.push(`${key} is not taken over`)
  if (isRecord(filters['totp_config']) && filters['totp_config']['enabled'] === true)
    notes.push('its one-time codes are not taken over: make new ones by ferry user code')
  if (isRecord(user['filesystem']) && Number(user['filesystem']['provider'] ?? 0) > 0)
    notes.push('its files are not on a local disk')
  const rights = rightsOf(user['permissions'])
  return {
    name: typeof user['username'] === 'string' ? user['username'] : '',
    hash: typeof user['password'] === 'string' && user['password'] !== '' ? user['password'] : undefined,
    said: {
      ...(typeof user['home_dir'] === 'string' && user['home_dir'] !== '' ? { home: user['home_dir'] } : {}),
      ...(user['status'] === 0 ? { disabled: true } : {}),
      ...positive('sessions', user['max_sessions']),
      ...(Number(user['expiration_date']) > 0
        ? { expires: new Date(Number(user['expiration_date'])).toISOString() }
        : {}),
      ...(Object.keys(quota).length > 0 ? { quota } : {}),
      ...(Object.keys(rate).length > 0 ? { rate } : {}),
      ...(networks.length > 0 ? { networks } : {}),
      ...(denied.length > 0 ? { protocols: protocolsWithout(denied) } : {}),
      ...(rights === undefined ? {} : { rights }),
    },
    keys: strings(user['public_keys']),
    notes,
  }
}

/** What forbids something, and has no meaning here: without it the account may do more than before. */
const restrictions: ReadonlySet<string> = new Set([
  'access_time',
  'bandwidth_limits',
  'data_transfer_limits',
  'denied_ip',
  'denied_login_methods',
  'download_data_transfer',
  'file_extensions',
  'file_patterns',
  'groups',
  'max_upload_file_size',
  'password_expiration',
  'require_password_change',
  'start_directory',
  'total_data_transfer',
  'two_factor_protocols',
  'upload_data_transfer',
  'virtual_folders',
])

function saysSomething(value: unknown): boolean {
  if (Array.isArray(value)) return value.length > 0
  return typeof value === 'number' ? value > 0 : Boolean(value)
}

const meanings: Readonly<Record<string, readonly string[]>> = {
  list: ['list'],
  download: ['read'],
  upload: ['create'],
  overwrite: ['overwrite'],
  delete: ['remove', 'directories'],
  delete_files: ['remove'],
  rename: ['rename'],
  rename_files: ['rename'],
  create_dirs: ['directories'],
  create_symlinks: ['links'],
  chmod: ['attributes'],
  chtimes: ['attributes'],
}

/** `*` everywhere is no rule at all. */
function rightsOf(permissions: unknown): Readonly<Record<string, readonly string[]>> | undefined {
  if (!isRecord(permissions)) return undefined
  const all = Object.entries(permissions).map(([path, said]): [string, string[]] => {
    const words = strings(said)
    const known = words.includes('*') ? Object.keys(meanings) : words
    return [path, [...new Set(known.flatMap((word) => meanings[word] ?? []))]]
  })
  const [only] = all
  if (all.length === 1 && only?.[0] === '/' && strings(permissions['/']).includes('*')) return undefined
  return Object.fromEntries(all)
}

function protocolsWithout(denied: readonly string[]): readonly string[] {
  return ['ftp', 'ftps', 'sftp'].filter((protocol) => {
    const theirs = protocol === 'sftp' ? 'SSH' : 'FTP'
    return !denied.includes(theirs)
  })
}

function positive(key: string, value: unknown, factor = 1): Json {
  return typeof value === 'number' && value > 0 ? { [key]: value * factor } : {}
}

function strings(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.filter((item) => typeof item === 'string') : []
}
