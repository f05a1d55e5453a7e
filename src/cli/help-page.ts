import { commands } from './commands.ts'
import { commonOptions, type OptionRows } from './options.ts'
import { UsageError } from './usage-error.ts'

/** What `ferry help` prints, and what it prints of one command. Made from the table of commands and their options. */
export async function helpPage(name?: string): Promise<string> {
  if (name === undefined) return overview()
  const command = Object.hasOwn(commands, name) ? commands[name] : undefined
  if (command === undefined)
    throw new UsageError(`there is no command "${name}". "ferry help" lists what there is.`)
  if (name === 'serve') return (await import('./help.ts')).helpText
  const head = `ferry ${command.usage}\n\n${command.does}.\n`
  if (command.options === undefined) return head
  const own = await command.options()
  const ownRows = Object.keys(own).length === 0 ? '' : `\nOptions:\n${optionLines(own)}`
  if (command.fetches !== true) return `${head}${ownRows}`
  return `${head}${ownRows}\nOptions of every command that fetches:\n${optionLines(commonOptions)}${places}`
}

function overview(): string {
  const rows = Object.values(commands).map(
    ({ usage, does }) =>
      `  ferry ${usage.padEnd(30)}${usage.length > 30 ? `\n${' '.repeat(39)}` : ' '}${does}\n`,
  )
  return `ferry: moves files over FTP, SFTP and TFTP, as server and as client, and says what happened.

${rows.join('')}  ferry --version

"ferry help COMMAND" shows the options of a command.
${places}${statuses}`
}

const places = `
A place is a URL (ftp://, ftps://, ftpes://, sftp://, tftp://, file://) or a path of this machine. Paths of FTP begin
where the login lands; with %2f in front they are absolute. Those of SFTP are absolute; /~/ leads to the login folder.
Passwords come from the URL, FERRY_PASSWORD, ~/.netrc, keys, or are asked for.
`

const statuses = `
Exit status: 0 done, 1 something of several failed, 2 wrong words, 3 no connection, 4 not let in, 5 not found or
refused, 6 a file is not proven whole, 7 a key or certificate is not trusted, 130 interrupted.
`

function optionLines(rows: OptionRows): string {
  const lines = Object.entries(rows).map(([name, { short, value, does }]) => {
    const flag = `${short === undefined ? '    ' : `-${short}, `}--${name}${value === undefined ? '' : ` ${value}`}`
    return flag.length > 30 ? `  ${flag}\n  ${' '.repeat(31)}${does}\n` : `  ${flag.padEnd(30)} ${does}\n`
  })
  return lines.join('')
}
