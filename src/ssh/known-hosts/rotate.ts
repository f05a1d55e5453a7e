import type { HostKeyShown } from '../client/host-trust.ts'
import type { KnownHostsFiles } from './files.ts'
import { formatKnownHost, knownName, namesHost, parseKnownHost } from './line.ts'

/**
 * Learns all keys that a host has proven to have, and forgets those that it has no more (UpdateHostKeys of ssh_config(5)): so that
 * it can change them without a scare. Only for a host that is known by lines of its own in the first file: what an authority or a
 * pattern vouches for is nobody's to change here.
 */
export async function rotate(
  files: KnownHostsFiles,
  host: string,
  port: number,
  keys: readonly HostKeyShown[],
  hash: boolean,
): Promise<void> {
  const [first, ...others] = await files.read()
  if (first === undefined) return
  const name = knownName(host, port)
  const known = linesOf(first.text).filter((line) => line.names(name))
  const elsewhere = others.flatMap(({ text }) => linesOf(text)).filter((line) => line.names(name))
  const all = [...known, ...elsewhere]
  if (!known.some(({ plain }) => plain) || all.some(({ marked }) => marked)) return
  const now = new Map(keys.map((key) => [base64(key.blob), key]))
  const gone = known.filter(({ plain, blob }) => plain && !now.has(blob))
  // Who shares no key with what is known is somebody else.
  if (gone.length === known.length) return
  for (const { blob } of all) now.delete(blob)
  if (gone.length === 0 && now.size === 0) return
  const removed = new Set(gone.map(({ text }) => text))
  const kept = first.text.split('\n').filter((line) => !removed.has(line))
  const added = [...now.values()].map(({ algorithm, blob }) => formatKnownHost(name, algorithm, blob, hash))
  const text = kept.join('\n')
  await files.replace(
    `${text === '' || text.endsWith('\n') ? text : `${text}\n`}${added.map((line) => `${line}\n`).join('')}`,
  )
}

interface Line {
  readonly text: string
  readonly blob: string
  /** It names this host and no other. */
  readonly plain: boolean
  readonly marked: boolean
  names(name: string): boolean
}

function linesOf(text: string): Line[] {
  return text.split('\n').flatMap((line) => {
    const known = parseKnownHost(line)
    if (known === undefined) return []
    return {
      text: line,
      blob: base64(known.blob),
      plain: known.marker === undefined && !/[,*?!]/u.test(known.names),
      marked: known.marker !== undefined,
      names: (name) => namesHost(known, name),
    }
  })
}

function base64(blob: Uint8Array): string {
  return Buffer.from(blob).toString('base64')
}
