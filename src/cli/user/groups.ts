import type { Data } from '../../server/data.ts'
import { UsageError } from '../usage-error.ts'
import type { UserWords } from './accounts.ts'
import { withWords } from './setting-words.ts'
import { withoutPasswords } from './without-passwords.ts'

/** `ferry user group list`, `group set NAME SETTING=VALUE...`, `group remove NAME` */
export async function groupOf({ register }: Data, { rest, json }: UserWords): Promise<void> {
  const [verb, name = '', ...settings] = rest
  if (verb === 'list') {
    for (const [group, settings] of register.groups()) {
      const said = withoutPasswords(settings)
      process.stdout.write(
        `${json ? JSON.stringify({ name: group, settings: said }) : `${group}  ${JSON.stringify(said)}`}\n`,
      )
    }
  } else if (verb === 'set' && name !== '') {
    register.setGroup(name, withWords(register.groups().get(name) ?? {}, settings))
  } else if (verb === 'remove' && name !== '') {
    for (const user of register.names()) {
      const groups = register.written(user)?.['groups']
      if (Array.isArray(groups) && groups.includes(name))
        throw new UsageError(`${user} is in the group ${name}.`)
    }
    if (!register.removeGroup(name)) throw new UsageError(`there is no group ${name}.`)
  } else
    throw new UsageError('say ferry user group list, group set NAME SETTING=VALUE, or group remove NAME.')
}
