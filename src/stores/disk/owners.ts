import { readFile } from 'node:fs/promises'

/** Names of users and groups; who has none goes by number. */
export interface Owners {
  user(id: number): string
  group(id: number): string
  userId(name: string): number | undefined
  groupId(name: string): number | undefined
}

let known: Promise<Owners> | undefined

/** The users and groups of this machine, read once. */
export function owners(): Promise<Owners> {
  known ??= readOwners('/etc/passwd', '/etc/group')
  return known
}

/** Reads `passwd` and `group` files (passwd(5), group(5)). */
export async function readOwners(userFile: string, groupFile: string): Promise<Owners> {
  const [users, groups] = await Promise.all([readNames(userFile), readNames(groupFile)])
  return {
    user: (id) => users.names.get(id) ?? String(id),
    group: (id) => groups.names.get(id) ?? String(id),
    userId: (name) => users.ids.get(name) ?? numberIn(name),
    groupId: (name) => groups.ids.get(name) ?? numberIn(name),
  }
}

async function readNames(file: string): Promise<{ names: Map<number, string>; ids: Map<string, number> }> {
  const names = new Map<number, string>()
  const ids = new Map<string, number>()
  for (const line of (await readText(file)).split('\n')) {
    const [name, , number] = line.split(':')
    const id = numberIn(number ?? '')
    if (!name || id === undefined) continue
    if (!names.has(id)) names.set(id, name)
    if (!ids.has(name)) ids.set(name, id)
  }
  return { names, ids }
}

async function readText(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8')
  } catch {
    return '' // not every system has such a file, and numbers serve as well
  }
}

function numberIn(text: string): number | undefined {
  return /^\d{1,10}$/.test(text) && Number(text) < 2 ** 32 ? Number(text) : undefined
}
