import { FileError } from '../../core/error.ts'
import { readExtendedAnswer } from '../wire/extension.ts'
import type { Attributes } from '../wire/attributes.ts'
import { takeExtended } from './answers.ts'
import type { SftpServer } from './server.ts'

/** No directory has so many owners; a server that says so is not believed. */
const mostNames = 10_000

/** Who is behind the numbers of users and groups, as far as the server tells (OpenSSH PROTOCOL §4.11). */
export class NamesOfOwners {
  readonly #server: SftpServer
  readonly #users = new Map<number, string>()
  readonly #groups = new Map<number, string>()

  constructor(server: SftpServer) {
    this.#server = server
  }

  /** The names for these attributes' owners; asked once each. */
  async learn(all: readonly Attributes[]): Promise<void> {
    if (!this.#server.has('users-groups-by-id@openssh.com')) return
    const users = unknownIn(
      this.#users,
      all.map(({ owner }) => owner?.user),
    )
    const groups = unknownIn(
      this.#groups,
      all.map(({ owner }) => owner?.group),
    )
    if (users.length + groups.length === 0) return
    try {
      const data = await this.#server.extended(
        'users-groups-by-id@openssh.com',
        { users, groups },
        takeExtended(''),
      )
      const names = readExtendedAnswer('owners', data)
      note(this.#users, users, names.users)
      note(this.#groups, groups, names.groups)
    } catch (thrown) {
      // Numbers serve as well where the server keeps the names to itself.
      if (!(thrown instanceof FileError)) throw thrown
    }
  }

  user(id: number): string {
    return this.#users.get(id) ?? String(id)
  }

  group(id: number): string {
    return this.#groups.get(id) ?? String(id)
  }

  userId(name: string): number | undefined {
    return idIn(this.#users, name)
  }

  groupId(name: string): number | undefined {
    return idIn(this.#groups, name)
  }
}

function unknownIn(known: ReadonlyMap<number, string>, ids: readonly (number | undefined)[]): number[] {
  const wanted = new Set<number>()
  for (const id of ids) {
    if (id !== undefined && !known.has(id) && known.size + wanted.size < mostNames) wanted.add(id)
  }
  return [...wanted].slice(0, 1000)
}

function note(known: Map<number, string>, ids: readonly number[], names: readonly string[]): void {
  for (const [index, id] of ids.entries()) known.set(id, names[index] || String(id))
}

function idIn(known: ReadonlyMap<number, string>, name: string): number | undefined {
  for (const [id, other] of known) if (other === name) return id
  return /^\d{1,10}$/u.test(name) && Number(name) < 2 ** 32 ? Number(name) : undefined
}
