/** How a command that names a path is said to a server whose paths are not those of Unix. */
export type ForeignPaths = (line: string) => string

/**
 * What paths become where the login lands in no directory of Unix: `/` here is that place. OpenVMS has `DISK:[A.B]NAME.TXT`;
 * z/OS has datasets, `'USER.SOURCE'`, and members of them, `'USER.SOURCE(NAME)'`. undefined: no other writing is known.
 */
export function foreignPaths(landing: string): ForeignPaths | undefined {
  const vms = /^((?:[\w$-]{1,80}:)?)\[([^\][]{1,200})\]$/u.exec(landing)
  if (vms) return translating((parts, folder) => onVms(vms[1] ?? '', vms[2] ?? '', parts, folder))
  const mvs = /^'([^']{1,46}?)\.?'$/u.exec(landing)
  return mvs ? translating((parts, folder) => onMvs(mvs[1] ?? '', parts, folder)) : undefined
}

type Write = (parts: readonly string[], folder: boolean) => string

/** Only an argument that begins with a slash is a path of ours. */
function translating(write: Write): ForeignPaths {
  return (line) => {
    const [, command = '', path] = /^([A-Z]+(?: [^/]*)?) (\/.*)$/u.exec(line) ?? []
    if (path === undefined) return line
    const parts = path.split('/').filter((part) => part !== '')
    return `${command} ${write(parts, parts.length === 0 || folders.has(command))}`
  }
}

const folders: ReadonlySet<string> = new Set(['CWD', 'MKD', 'RMD'])

function onVms(device: string, top: string, parts: readonly string[], folder: boolean): string {
  const below = folder ? parts : parts.slice(0, -1)
  // The top of a disk is written 000000, and what is in it is not.
  const names = [...(top === '000000' && below.length > 0 ? [] : [top]), ...below]
  return `${device}[${names.join('.')}]${folder ? '' : (parts.at(-1) ?? '')}`
}

function onMvs(top: string, parts: readonly string[], folder: boolean): string {
  const [dataset, member] = parts
  if (dataset === undefined) return `'${top}.'`
  return member === undefined || folder ? `'${[top, ...parts].join('.')}'` : `'${top}.${dataset}(${member})'`
}
