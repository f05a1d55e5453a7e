/** One public key of a file of authorized_keys. */
export interface AuthorizedKey {
  /** Where it stands; the first line is 1. */
  readonly line: number
  /** `ssh-ed25519`, `ecdsa-sha2-nistp256`, … */
  readonly kind: string
  /** The key as SSH has it on the wire (RFC 4253 §6.6). */
  readonly blob: Uint8Array
  readonly remark: string
}

export interface AuthorizedKeys {
  readonly keys: readonly AuthorizedKey[]
  /** What is wrong with which line: a restriction that nobody keeps would be none. */
  readonly problems: readonly string[]
}

/** Reads a file of authorized_keys (sshd(8), AUTHORIZED_KEYS FILE FORMAT). */
export function parseAuthorizedKeys(text: string): AuthorizedKeys {
  const keys: AuthorizedKey[] = []
  const problems: string[] = []
  for (const [index, line] of text.split('\n').entries()) {
    const found = keyIn(line.trim())
    if (typeof found === 'string') problems.push(`line ${index + 1}: ${found}`)
    else if (found !== undefined) keys.push({ line: index + 1, ...found })
  }
  return { keys, problems }
}

/** No key is longer. */
const longestLine = 16 * 1024

function keyIn(line: string): Omit<AuthorizedKey, 'line'> | string | undefined {
  if (line === '' || line.startsWith('#')) return undefined
  if (line.length > longestLine) return 'longer than any key is'
  const options = startsWithKind(line) ? '' : optionsOf(line)
  const found = keyLine.exec(line.slice(options.length).trim())
  if (found === null) return 'this is no public key'
  const trouble = options === '' ? undefined : troubleWith(options)
  if (trouble !== undefined) return trouble
  const [, kind = '', encoded = '', remark = ''] = found
  const blob = Buffer.from(encoded, 'base64')
  const length = blob.length > 4 ? blob.readUInt32BE(0) : 0
  if (blob.toString('latin1', 4, 4 + length) !== kind) return `this key is not of the kind ${kind}`
  if (!isWhole(blob)) return 'this key is cut off, or broken: copy it anew, as one line'
  return { kind, blob: Uint8Array.from(blob), remark }
}

/** A key is strings and numbers one behind the other, each behind its length. */
function isWhole(blob: Buffer): boolean {
  let at = 0
  while (at + 4 <= blob.length) at += 4 + blob.readUInt32BE(at)
  return at === blob.length
}

const keyLine = /^((?:ssh|ecdsa|sk)-[\w@.-]+)[ \t]+([A-Za-z0-9+/]{16,}={0,2})(?:[ \t]+(.*))?$/u

function startsWithKind(line: string): boolean {
  return /^(?:ssh|ecdsa|sk)-[\w@.-]+[ \t]/u.test(line)
}

/** What stands before the kind: words with commas between them, whose values are quoted and may hold blanks. */
function optionsOf(line: string): string {
  return /^(?:[^\s"]|"(?:[^"\\]|\\.)*")+/u.exec(line)?.[0] ?? ''
}

/** They forbid or allow what is not served: a shell, forwarding, a terminal. */
const meaningless =
  /^(?:restrict|(?:no-)?(?:agent-forwarding|port-forwarding|pty|user-rc|X11-forwarding)|(?:permitopen|permitlisten|tunnel|environment)=.*|command="internal-sftp")$/iu

function troubleWith(options: string): string | undefined {
  for (const [option] of options.matchAll(/(?:[^,"]|"(?:[^"\\]|\\.)*")+/gu)) {
    if (meaningless.test(option)) continue
    const [name = ''] = option.split('=')
    return `the option ${name} is not kept here; give the account such a rule instead, or leave the key out`
  }
  return undefined
}
