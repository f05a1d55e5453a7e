/** Which folder of `src` may import from which: what is absent is forbidden. `*` is everything. */
export const walls: Readonly<Record<string, readonly string[]>> = {
  core: [],
  wire: ['core'],
  policy: ['core', 'wire'],
  net: ['core', 'wire'],
  stores: ['core'],
  config: ['core'],
  database: ['core'],
  accounts: ['core', 'config', 'database'],
  cluster: ['core', 'net'],
  'ftp/wire': ['core', 'wire'],
  'ftp/server': ['core', 'wire', 'ftp/wire'],
  'ftp/client': ['core', 'wire', 'ftp/wire'],
  tftp: ['core', 'wire'],
  'tftp/server': ['core', 'wire', 'tftp'],
  'tftp/client': ['core', 'wire', 'tftp'],
  'ssh/wire': ['core', 'wire'],
  ssh: ['core', 'ssh/wire'],
  'ssh/server': ['core', 'ssh', 'ssh/wire'],
  'ssh/client': ['core', 'ssh', 'ssh/wire'],
  'ssh/known-hosts': ['core', 'ssh', 'ssh/wire', 'ssh/client'],
  'ssh/config': ['core', 'ssh', 'ssh/known-hosts'],
  'sftp/wire': ['core', 'wire', 'ssh'],
  'sftp/server': ['core', 'wire', 'sftp/wire', 'ssh'],
  'sftp/client': ['core', 'wire', 'sftp/wire', 'ssh', 'ssh/client', 'ssh/known-hosts'],
  scp: ['core', 'wire'],
  publish: ['core', 'ssh', 'ssh/client'],
  doctor: ['core', 'wire', 'ftp/wire', 'ssh', 'ssh/wire', 'ssh/client', 'sftp/client', 'tftp', 'tftp/client'],
  client: [
    'core',
    'wire',
    'net',
    'stores',
    'policy',
    'ftp/client',
    'sftp/client',
    'ssh/client',
    'tftp/client',
  ],
  server: ['*'],
  cli: ['*'],
  testing: ['*'],
}

/** Node's own modules that only some folders may touch. */
export const guarded: Readonly<Record<string, readonly string[]>> = {
  'node:net': ['net'],
  'node:tls': ['net'],
  'node:dgram': ['net'],
  'node:dns': ['net'],
  'node:fs': ['stores', 'database', 'server', 'cli', 'testing'],
  'node:sqlite': ['database'],
  'node:child_process': ['cli', 'server', 'testing'],
}

/** Globals that only some folders may use: what they do must come in through a seam. */
export const globals: readonly {
  readonly pattern: RegExp
  readonly name: string
  readonly folders: readonly string[]
}[] = [
  { pattern: /\bprocess\.env\b/u, name: 'process.env', folders: ['server', 'cli', 'testing'] },
  { pattern: /\bconsole\./u, name: 'console', folders: ['server', 'cli', 'testing'] },
  { pattern: /\bDate\.now\(|\bnew Date\(\)/u, name: 'the time of day', folders: [] },
  { pattern: /(?<![.\w])set(?:Timeout|Interval)\(/u, name: 'a timer', folders: [] },
]

/** The one file that gives the time to all others. */
export const clockFile = 'src/core/clock.ts'
