import { clockFile, globals, guarded, walls } from './walls.ts'

const imports = /^\s*(?:import|export)\s(?:[^'"]*?\sfrom\s)?['"]([^'"]+)['"]|\bimport\(\s*['"]([^'"]+)['"]/gmu

/** What in a file of `src` goes through a wall, a sentence each. Tests may stand in any room. */
export function breaches(file: string, text: string, resolve: (target: string) => string): string[] {
  const room = roomOf(file)
  const isTest = file.endsWith('.test.ts')
  if (room === undefined)
    return isRootFile(file) ? [] : [`${file}: this folder has no wall yet, add it to tools/walls.ts`]
  const found: string[] = []
  for (const [, stated, dynamic] of text.matchAll(imports)) {
    const target = stated ?? dynamic ?? ''
    const breach = isTest ? undefined : importBreach(room, target, resolve)
    if (breach !== undefined) found.push(`${file}: ${breach}`)
  }
  if (isTest || file === clockFile) return found
  for (const { pattern, name, folders } of globals) {
    if (pattern.test(text) && !folders.includes(room)) found.push(`${file}: ${name} is not for ${room}`)
  }
  return found
}

function importBreach(room: string, target: string, resolve: (target: string) => string): string | undefined {
  if (!target.startsWith('.')) {
    if (room === 'core') return `core imports nothing, and this imports ${target}`
    const owner = Object.keys(guarded).find((name) => target === name || target.startsWith(`${name}/`))
    const folders = owner === undefined ? undefined : guarded[owner]
    return folders === undefined || folders.includes(room) ? undefined : `${target} is not for ${room}`
  }
  const other = roomOf(resolve(target))
  if (other === undefined || other === room) return undefined
  const allowed = walls[room] ?? []
  return allowed.includes('*') || allowed.includes(other)
    ? undefined
    : `${room} must not know ${other} (${target})`
}

/** The folder with walls that a file stands in, the most exact one. */
function roomOf(file: string): string | undefined {
  const rooms = Object.keys(walls).filter((room) => file.startsWith(`src/${room}/`))
  return rooms.toSorted((a, b) => b.length - a.length)[0]
}

function isRootFile(file: string): boolean {
  return file.startsWith('src/') && !file.slice('src/'.length).includes('/')
}
