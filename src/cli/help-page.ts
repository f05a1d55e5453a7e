import { commands, type Form } from './commands.ts'
import { commonOptions, type OptionRows } from './options.ts'
import { noCommand } from './no-command.ts'

/** What `ferry help` prints, and what it prints of one command. Made from the table of commands and their options. */
export async function helpPage(name?: string): Promise<string> {
  if (name === undefined || name === 'help') return overview()
  const command = Object.hasOwn(commands, name) ? commands[name] : undefined
  if (command === undefined) throw noCommand(name)
  const head = `ferry ${command.usage}\n\n${command.does}.\n`
  const forms = command.forms === undefined ? '' : `\n${formLines(name, await command.forms())}`
  const own = await command.options?.()
  const options = own === undefined || Object.keys(own).length === 0 ? '' : `\nOptions:\n${optionLines(own)}`
  const common =
    command.fetches === true
      ? `\nOptions of every command that fetches:\n${optionLines(commonOptions)}${places}`
      : ''
  const more = command.more === undefined ? '' : `\n${command.more}\n`
  return `${head}${forms}${options}${common}${more}`
}

function overview(): string {
  const rows = Object.values(commands).map(({ usage, does }) => twoColumns(`ferry ${usage}`, does))
  return `ferry: moves files over FTP, FTPS, SFTP and TFTP, as server and as client,
and says what happened.

${rows.join('')}  ferry --version

"ferry help COMMAND" shows the options of a command.
${places}${statuses}`
}

const places = `
A place is a URL (ftp://, ftps://, ftpes://, sftp://, tftp://, file://) or a
path of this machine. Paths of FTP begin where the login lands; with %2f in
front they are absolute. Those of SFTP are absolute; /~/ leads to the login
folder.
Passwords come from the URL, FERRY_PASSWORD, ~/.netrc, keys, or are asked for.
`

const statuses = `
Exit status: 0 done, 1 something of several failed, 2 wrong words,
3 no connection, 4 not let in, 5 not found or refused, 6 a file is not proven
whole, 7 a key or certificate is not trusted, 130 interrupted.
`

function formLines(name: string, forms: readonly Form[]): string {
  return forms.map(({ usage, does }) => twoColumns(`ferry ${name} ${usage}`, does)).join('')
}

function optionLines(rows: OptionRows): string {
  const lines = Object.entries(rows).map(([name, { short, value, does }]) => {
    const flag = `${short === undefined ? '    ' : `-${short}, `}--${name}${value === undefined ? '' : ` ${value}`}`
    return twoColumns(flag, does)
  })
  return lines.join('')
}

/** Where the second column begins, and where the page ends on the narrowest terminal that is usual. */
const second = 33
const width = 80

/** What is too long for the first column has its line for itself. */
function twoColumns(left: string, right: string): string {
  const lines = filled(right, width - second)
  const indented = lines.join(`\n${' '.repeat(second)}`)
  return left.length + 3 > second
    ? `  ${left}\n${' '.repeat(second)}${indented}\n`
    : `  ${left.padEnd(second - 2)}${indented}\n`
}

function filled(text: string, room: number): string[] {
  const lines: string[] = []
  for (const word of text.split(' ')) {
    const last = lines.at(-1)
    if (last === undefined || last.length + 1 + word.length > room) lines.push(word)
    else lines[lines.length - 1] = `${last} ${word}`
  }
  return lines
}
