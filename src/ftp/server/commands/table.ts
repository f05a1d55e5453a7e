import type { Command, CommandTable } from '../command.ts'
import { aboutCommands } from './about.ts'
import { accessCommands } from './access.ts'
import { changeCommands } from './change.ts'
import { connectCommands } from './connect.ts'
import { factsCommands } from './facts.ts'
import { hashCommands } from './hash.ts'
import { listingCommands } from './listing.ts'
import { navigateCommands } from './navigate.ts'
import { representCommands } from './represent.ts'
import { retrieveCommands } from './retrieve.ts'
import { secureCommands } from './secure.ts'
import { siteCommands } from './site.ts'
import { statusCommands } from './status.ts'
import { uploadCommands } from './upload.ts'

/** The row of a verb; undefined: there is no such command. The table is the truth: HELP, FEAT and the login check read it. */
export function commandFor(verb: string): Command | undefined {
  return rows.get(verb)
}

/** The X-commands, from before RFC 959 settled on names; RFC 1123 §4.1.3.1 wants them kept. */
const oldNames: Readonly<Record<string, string>> = {
  XCUP: 'CDUP',
  XCWD: 'CWD',
  XMKD: 'MKD',
  XPWD: 'PWD',
  XRMD: 'RMD',
}

const table: CommandTable = {
  ...accessCommands,
  ...secureCommands,
  ...navigateCommands,
  ...connectCommands,
  ...representCommands,
  ...retrieveCommands,
  ...uploadCommands,
  ...listingCommands,
  ...changeCommands,
  ...factsCommands,
  ...hashCommands,
  ...statusCommands,
  ...siteCommands,
  ...aboutCommands(() => table),
}

const rows: ReadonlyMap<string, Command> = new Map([
  ...Object.entries(table),
  ...Object.entries(oldNames).flatMap(([old, name]) => {
    const row = table[name]
    return row === undefined ? [] : ([[old, row]] as const)
  }),
])
