import { readFields, writeFields, type Fields, type Layout } from './layout.ts'
import { WireReader } from './reader.ts'
import { WireWriter } from './writer.ts'

/**
 * The requests that came after version 3: those of OpenSSH's PROTOCOL file §4, and of draft-ietf-secsh-filexfer-extensions-00
 * what clients in use ask for. `version` is what stands beside the name when it is announced.
 */
const layouts = {
  'posix-rename@openssh.com': { version: '1', fields: { from: 'text', to: 'text' } },
  'statvfs@openssh.com': { version: '2', fields: { path: 'text' } },
  'fstatvfs@openssh.com': { version: '2', fields: { handle: 'handle' } },
  'hardlink@openssh.com': { version: '1', fields: { from: 'text', to: 'text' } },
  'fsync@openssh.com': { version: '1', fields: { handle: 'handle' } },
  'lsetstat@openssh.com': { version: '1', fields: { path: 'text', attributes: 'attributes' } },
  'limits@openssh.com': { version: '1', fields: {} },
  'expand-path@openssh.com': { version: '1', fields: { path: 'text' } },
  'copy-data': {
    version: '1',
    fields: { from: 'handle', offset: 'uint64', length: 'uint64', to: 'handle', at: 'uint64' },
  },
  'home-directory': { version: '1', fields: { user: 'text' } },
  'users-groups-by-id@openssh.com': { version: '1', fields: { users: 'ids', groups: 'ids' } },
  'check-file-name': {
    version: '1',
    fields: { path: 'text', algorithms: 'text', offset: 'uint64', length: 'uint64', block: 'uint32' },
  },
  'check-file-handle': {
    version: '1',
    fields: { handle: 'handle', algorithms: 'text', offset: 'uint64', length: 'uint64', block: 'uint32' },
  },
  'space-available': { version: '1', fields: { path: 'text' } },
  // Ours: SFTP has no word for a file that is not complete, and CLOSE would make it look so.
  'abort-handle@ferry': { version: '1', fields: { handle: 'handle' } },
  'vendor-id': {
    version: '1',
    fields: { vendor: 'text', product: 'text', edition: 'text', build: 'uint64' },
  },
} as const satisfies Record<string, { version: string; fields: Layout }>

type Layouts = typeof layouts

export type ExtensionName = keyof Layouts

/** What an extended request of a name says. */
export type Extended<Name extends ExtensionName> = Fields<Layouts[Name]['fields']>

/** What is answered where more than a status is. */
const answers = {
  limits: { packet: 'uint64', read: 'uint64', write: 'uint64', handles: 'uint64' },
  statvfs: {
    blockSize: 'uint64',
    fragmentSize: 'uint64',
    blocks: 'uint64',
    blocksFree: 'uint64',
    blocksAvailable: 'uint64',
    files: 'uint64',
    filesFree: 'uint64',
    filesAvailable: 'uint64',
    id: 'uint64',
    flags: 'uint64',
    longestName: 'uint64',
  },
  owners: { users: 'texts', groups: 'texts' },
  hash: { algorithm: 'text', hashes: 'rest' },
  space: {
    total: 'uint64',
    free: 'uint64',
    totalForUser: 'uint64',
    freeForUser: 'uint64',
    bytesPerUnit: 'uint32',
  },
} as const satisfies Record<string, Layout>

export type ExtendedAnswerKind = keyof typeof answers

export type ExtendedAnswer<Kind extends ExtendedAnswerKind> = Fields<(typeof answers)[Kind]>

export const extensionNames = Object.keys(layouts) as readonly ExtensionName[]

export function isExtension(name: string): name is ExtensionName {
  return Object.hasOwn(layouts, name)
}

/** What is announced beside the name of an extension. */
export function extensionVersion(name: ExtensionName): string {
  return layouts[name].version
}

export function readExtended<Name extends ExtensionName>(name: Name, data: Uint8Array): Extended<Name> {
  const layout: Layout = layouts[name].fields
  return readFields(new WireReader(data), layout, {}) as Extended<Name>
}

export function writeExtended<Name extends ExtensionName>(name: Name, asked: Extended<Name>): Uint8Array {
  return plain(layouts[name].fields, asked)
}

export function readExtendedAnswer<Kind extends ExtendedAnswerKind>(
  kind: Kind,
  data: Uint8Array,
): ExtendedAnswer<Kind> {
  const layout: Layout = answers[kind]
  return readFields(new WireReader(data), layout, {}) as ExtendedAnswer<Kind>
}

export function writeExtendedAnswer<Kind extends ExtendedAnswerKind>(
  kind: Kind,
  answer: ExtendedAnswer<Kind>,
): Uint8Array {
  return plain(answers[kind], answer)
}

/** Fields without a message around them: what stands inside is written by who has its number. */
function plain(layout: Layout, values: object): Uint8Array {
  const writer = new WireWriter(0)
  writeFields(writer, layout, values as Fields<Layout>)
  return writer.message().subarray(5)
}
