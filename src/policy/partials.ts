import { joinPath, nameOf, parentOf, type Path } from '../core/path.ts'
import { encodeText } from '../core/text.ts'

const prefix = '.ferry-part-'

/** No file system in use takes a longer name. */
const longestName = 255

/** Whether a name is kept for a part of an upload. Some disks do not tell case apart, so neither do we. */
export function isPartialName(name: string): boolean {
  return name.startsWith('.') && name.slice(0, prefix.length).toLowerCase() === prefix
}

/** As long as the other, so that no name grows too long. */
const prefixThere = '.ferry-sent-'

/** What a part is called on another server: that may be a Ferry too, which keeps the other names for itself. */
export function partialNameThere(name: string): string {
  return isPartialName(name) ? `${prefixThere}${name.slice(prefix.length)}` : name
}

/** What is called so on another server, as it is called here. */
export function partialNameHere(name: string): string {
  return name.startsWith(prefixThere) ? `${prefix}${name.slice(prefixThere.length)}` : name
}

/** Whether a path leads to such a name, or through one. */
export function isPartialPath(path: Path): boolean {
  return path.includes('/.') && path.split('/').some(isPartialName)
}

/**
 * Where an upload to `target` waits until it is complete: beside it, so that moving it is one rename on one disk. The
 * name follows from the account, so that the same person finds it again after a restart, and from the turn, because
 * the same person may send one file twice at a time.
 */
export function partialPath(target: Path, tag: string, turn = 0): Path {
  const start = `${prefix}${tag}${turn === 0 ? '' : `.${turn}`}`
  const name = nameOf(target)
  const whole = `${start}-${name}`
  // Three bytes are the most that one of UTF-16 becomes.
  const fits = whole.length * 3 <= longestName || encodeText(whole).length <= longestName
  return joinPath(parentOf(target), fits ? whole : `${start}~${fingerprint(name)}`)
}

/** Stands for an account in the names of its parts, which others who list the same disk may see. */
export function tagOf(account: string): string {
  return fingerprint(account)
}

/** FNV-1a, 64 bits: nothing secret is in it, and nobody gains by two names that give the same. */
function fingerprint(text: string): string {
  let hash = 0xcbf29ce484222325n
  for (const byte of encodeText(text)) hash = ((hash ^ BigInt(byte)) * 0x100000001b3n) & 0xffffffffffffffffn
  return hash.toString(16).padStart(16, '0')
}
