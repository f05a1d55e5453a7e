import { commands } from './commands.ts'
import { commonOptions, oneOf, type OptionRows } from './options.ts'
import { UsageError } from './usage-error.ts'

const shells = ['bash', 'zsh', 'fish'] as const

/** A command, and what can be completed behind it. */
interface Row {
  readonly name: string
  readonly does: string
  /** What the first word behind it may be, where it is one of a few. */
  readonly words: readonly string[]
  readonly options: readonly {
    readonly name: string
    readonly short: string | undefined
    readonly values: readonly string[]
    readonly takesValue: boolean
    readonly does: string
  }[]
}

/** `ferry completion`: prints what makes a shell complete ferry's words, from the same tables as the help. */
export async function completionCommand(words: readonly string[]): Promise<number> {
  const [word, extra] = words
  if (word === undefined || extra !== undefined) {
    throw new UsageError('"ferry completion" takes the name of a shell: bash, zsh or fish.')
  }
  const shell = oneOf('ferry completion', word, shells) ?? 'bash'
  process.stdout.write(scripts[shell](await rows()))
  return 0
}

async function rows(): Promise<Row[]> {
  const all: Row[] = []
  for (const [name, command] of Object.entries(commands)) {
    const own: OptionRows = {
      ...(await command.options?.()),
      ...(command.fetches === true ? commonOptions : {}),
    }
    all.push({
      name,
      does: command.does,
      words: /^[a-z]+ ([a-z]+(?:\|[a-z]+)+)(?: |$)/u.exec(command.usage)?.[1]?.split('|') ?? [],
      options: Object.entries(own).map(([option, { short, type, value = '', does }]) => ({
        name: option,
        short,
        does,
        takesValue: type === 'string',
        values: /^[a-z0-9+]+(?:\|[a-z0-9+]+)+$/u.test(value) ? value.split('|') : [],
      })),
    })
  }
  return all
}

const scripts: Readonly<Record<(typeof shells)[number], (rows: readonly Row[]) => string>> = {
  bash: bashScript,
  zsh: zshScript,
  fish: fishScript,
}

function bashScript(all: readonly Row[]): string {
  const firsts = all.filter(({ words }) => words.length > 0)
  const cases = all.map(({ name, options }) => {
    const flags = options.map((option) => `--${option.name}`).join(' ')
    const values = options
      .filter((option) => option.values.length > 0)
      .map((option) => `      ${name}:--${option.name}) words='${option.values.join(' ')}' ;;\n`)
    return { flags: `      ${name}) words='${flags}' ;;\n`, values: values.join('') }
  })
  return `# Put this into ~/.bashrc:  source <(ferry completion bash)
_ferry() {
  local word=\${COMP_WORDS[COMP_CWORD]} before=\${COMP_WORDS[COMP_CWORD-1]} words=
  if [ "$COMP_CWORD" = 1 ]; then
    words='${all.map(({ name }) => name).join(' ')} help --version'
  elif [ "\${COMP_WORDS[1]}" = help ]; then
    words='${all.map(({ name }) => name).join(' ')}'
  else
    [[ $word == -* ]] || case "$COMP_CWORD:\${COMP_WORDS[1]}" in
${firsts.map(({ name, words }) => `      2:${name}) words='${words.join(' ')}' ;;\n`).join('')}    esac
    case "\${COMP_WORDS[1]}:$before" in
${cases.map(({ values }) => values).join('')}    esac
    [ -n "$words" ] || case "$word" in -*)
      case "\${COMP_WORDS[1]}" in
${cases.map(({ flags }) => flags).join('')}      esac ;;
    esac
  fi
  mapfile -t COMPREPLY < <(compgen -W "$words" -- "$word")
  [ -n "$words" ] || mapfile -t COMPREPLY < <(compgen -f -- "$word")
}
complete -o filenames -o default -F _ferry ferry
`
}

function zshScript(all: readonly Row[]): string {
  const names = all.map(({ name, does }) => `    '${name}:${zshQuoted(does)}'\n`).join('')
  const cases = all.map(({ name, words, options }) => {
    const first = words.length > 0 ? ` '1:what:(${words.join(' ')})'` : ''
    const flags = options.map((option) => {
      const value = option.takesValue
        ? `:value:${option.values.length > 0 ? `(${option.values.join(' ')})` : '_files'}`
        : ''
      return ` '*--${option.name}[${zshQuoted(option.does)}]${value}'`
    })
    return `    ${name}) _arguments${flags.join('')}${first} '*:place:_files' ;;\n`
  })
  return `#compdef ferry
# Put this into a folder of $fpath as _ferry:  ferry completion zsh > ~/.zfunc/_ferry
_ferry() {
  local -a names
  names=(
${names}    'help:shows how a command is typed'
  )
  if (( CURRENT == 2 )); then
    _describe command names
    return
  fi
  local command=$words[2]
  shift words
  (( CURRENT-- ))
  case $command in
    help) _describe command names ;;
${cases.join('')}  esac
}
compdef _ferry ferry
`
}

function fishScript(all: readonly Row[]): string {
  const lines = all.flatMap(({ name, does, words, options }) => [
    `complete -c ferry -n __fish_use_subcommand -a ${name} -d ${fishQuoted(does)}`,
    ...(words.length > 0
      ? [
          `complete -c ferry -n '__fish_seen_subcommand_from ${name}; and test (count (commandline -opc)) -eq 2' -f -a ${fishQuoted(words.join(' '))}`,
        ]
      : []),
    ...options.map((option) => {
      const short = option.short === undefined ? '' : ` -s ${option.short}`
      const value = option.takesValue
        ? option.values.length > 0
          ? ` -x -a ${fishQuoted(option.values.join(' '))}`
          : ' -r'
        : ''
      return `complete -c ferry -n '__fish_seen_subcommand_from ${name}' -l ${option.name}${short}${value} -d ${fishQuoted(option.does)}`
    }),
  ])
  return `# Put this into ~/.config/fish/completions/ferry.fish
${lines.join('\n')}
`
}

function zshQuoted(text: string): string {
  return text.replaceAll(/[\\[\]:]/gu, String.raw`\$&`).replaceAll("'", String.raw`'\''`)
}

function fishQuoted(text: string): string {
  return `'${text.replaceAll(/['\\]/gu, String.raw`\$&`)}'`
}
