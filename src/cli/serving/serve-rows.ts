import type { OptionRows } from '../options.ts'
import { publishOptions } from './publish-words.ts'
import { sftpOptions } from './sftp-words.ts'
import { tftpOptions } from './tftp-words.ts'
import { tlsOptions } from './tls-words.ts'

/** Every option of `ferry serve`, in the order of its help; each is a key of ferry.yaml as well. */
export const serveRows = {
  config: {
    type: 'string',
    value: 'FILE',
    does: 'what docs/configuration.md says, and any of these options as keys',
  },
  folder: { type: 'string', value: 'DIR', does: 'the folder to share, where it is not the first word' },
  data: { type: 'string', value: 'DIR', does: 'where accounts, keys and bans outlive the run' },
  'run-as': {
    type: 'string',
    value: 'USER',
    does: 'whom to become once the ports are open, where root has started it',
  },
  user: {
    type: 'string',
    multiple: true,
    value: 'NAME:PASSWORD',
    does: 'let this user in; may be said several times',
  },
  'authorized-keys': {
    type: 'string',
    multiple: true,
    value: 'FILE',
    does: "public keys that let these users in by SFTP; %u is the user's name; --user NAME needs no password then",
  },
  anonymous: { type: 'boolean', does: 'let everybody in, to read only' },
  'read-only': { type: 'boolean', does: 'nobody may change anything' },
  write: { type: 'boolean', does: 'users may change files (the default, said aloud)' },
  ftp: { type: 'string', value: 'PORT|off', does: 'the port of FTP, 2121 if not said; 0 takes a free one' },
  ftps: {
    type: 'string',
    value: 'PORT|off',
    does: 'the port of FTPS where TLS comes first, off if not said (990 is usual)',
  },
  ...tlsOptions,
  sftp: { type: 'string', value: 'PORT|off', does: 'the port of SFTP, 2222 if not said; 0 takes a free one' },
  ...sftpOptions,
  tftp: {
    type: 'string',
    value: 'PORT|off',
    does: 'the port of TFTP, off if not said; everybody may read there, it knows no passwords',
  },
  ...tftpOptions,
  host: { type: 'string', value: 'ADDRESS', does: 'listen on this address only, otherwise on all' },
  passive: {
    type: 'string',
    value: 'PORTS|off',
    does: 'ports for passive mode, like 50000-50100, or one for everybody, 50000; otherwise any free one',
  },
  'public-address': {
    type: 'string',
    value: 'HOST',
    does: 'what to tell clients outside in PASV, when a router stands between',
  },
  ...publishOptions,
  'in-place': {
    type: 'boolean',
    does: 'uploads appear as they come, for devices that cannot live with renaming',
  },
  grace: {
    type: 'string',
    value: 'SECONDS',
    does: 'how long transfers may go on when the server is stopped, 10 if not said',
  },
  workers: {
    type: 'string',
    value: 'N|auto',
    does: 'so many threads serve at the same ports, with auto one for each core; 1 if not said',
  },
  json: { type: 'boolean', does: 'one JSON line when ready, then one an event' },
  quiet: { type: 'boolean', does: 'say less' },
  verbose: { type: 'boolean', does: 'say each line that is spoken' },
} as const satisfies OptionRows
