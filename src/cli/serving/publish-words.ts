import type { HostWanted } from '../../ssh/client/hosts.ts'
import { parseHop } from '../../ssh/client/jump.ts'
import type { OptionRows, Said } from '../options.ts'
import { UsageError } from '../usage-error.ts'

/** What the words of `ferry serve` say of an SSH host that listens for it. */
export interface PublishWords {
  readonly target: HostWanted
  /** Ports there that are others than here. */
  readonly ports: Readonly<Partial<Record<'ftp' | 'ftps' | 'sftp', number | 'off'>>>
  /** The port there of what HTTP tells here, which is nobody's if nothing is said: it is not meant for all. */
  readonly http: number | 'off'
}

/** The options of publishing; each is a key of ferry.yaml as well. */
export const publishOptions = {
  publish: {
    type: 'string',
    value: 'ssh://USER@HOST[:PORT]',
    does: 'be reached at an SSH host that forwards its ports, where no router lets anybody in here',
  },
  'publish-ftp': { type: 'string', value: 'PORT|off', does: 'the port there, the same as here if not said' },
  'publish-ftps': { type: 'string', value: 'PORT|off', does: 'the same for FTPS' },
  'publish-sftp': { type: 'string', value: 'PORT|off', does: 'the same for SFTP' },
  'publish-http': {
    type: 'string',
    value: 'PORT|off',
    does: 'the port there of /metrics and /health, off if not said',
  },
} as const satisfies OptionRows

type Values = Said<typeof publishOptions>

/** `parsePort` reads a port, or `off`, of an option. */
export function parsePublishWords(
  values: Values,
  parsePort: (option: string, value: string) => number | 'off',
): PublishWords | undefined {
  const ports = Object.fromEntries(
    (['ftp', 'ftps', 'sftp'] as const).flatMap((name) => {
      const said = values[`publish-${name}`]
      return said === undefined ? [] : [[name, parsePort(`--publish-${name}`, said)]]
    }),
  )
  const said = values['publish-http']
  const http = said === undefined ? 'off' : parsePort('--publish-http', said)
  if (values.publish !== undefined) return { target: parseTarget(values.publish), ports, http }
  const [orphan] = [...Object.keys(ports), ...(said === undefined ? [] : ['http'])]
  if (orphan === undefined) return undefined
  throw new UsageError(
    `--publish-${orphan} is a port of an SSH host, and none is named: say --publish ssh://USER@HOST.`,
  )
}

function parseTarget(text: string): HostWanted {
  const target = parseHop(text)
  if (target === undefined || /[\s/]/u.test(target.host))
    throw new UsageError(
      `--publish takes an SSH host, like ssh://user@host or ssh://user@host:2200, and not "${text}".`,
    )
  if (target.user?.includes(':') === true)
    throw new UsageError(
      '--publish takes no password, which all processes could read: it logs in by key, as ssh does.',
    )
  return target
}
