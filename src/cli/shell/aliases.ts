import { splitLine, LineError, type Command } from './split.ts'

/** An alias may stand for another, but not without end. */
const deepest = 16

/** Puts what aliases stand for in their place: all commands of it, and behind the last one the words that were typed. */
export function expandAliases(
  commands: readonly Command[],
  aliases: ReadonlyMap<string, string>,
  depth = 0,
): Command[] {
  return commands.flatMap((command) => {
    const [name = '', ...rest] = command.words
    const meaning = aliases.get(name)
    if (meaning === undefined) return [command]
    if (depth === deepest) throw new LineError(`the alias ${name} stands behind too many others`)
    const inside = splitLine(meaning)
    const last = inside.length - 1
    const meant = inside.map((each, index): Command => ({
      ...each,
      ...(index === 0 ? { when: command.when } : {}),
      ...(index === last
        ? {
            words: [...each.words, ...rest],
            background: command.background,
            into: command.into ?? each.into,
            text: `${each.text}${command.text.slice(name.length)}`,
          }
        : {}),
    }))
    // `ls` may stand for `ls -l`, as in every shell.
    const others = new Map([...aliases].filter(([other]) => other !== name))
    return expandAliases(meant, others, depth + 1)
  })
}
