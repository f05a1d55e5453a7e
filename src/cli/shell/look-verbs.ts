import { FileError } from '../../core/error.ts'
import { transfer } from '../../core/transfer.ts'
import { digest, hashNames } from '../../client/digest.ts'
import { pump } from '../../client/pump.ts'
import { openToRead } from '../../client/streams.ts'
import { listAll, walk } from '../../client/walk.ts'
import type { Entry } from '../../core/store.ts'
import { longLine } from '../fetching/entry-line.ts'
import { formatBytes } from '../format-bytes.ts'
import { oneOf, wholeNumber } from '../options.ts'
import { sinkFor } from './sink.ts'
import { columns } from './columns.ts'
import { ignored, verb, type Call, type Verb } from './verb.ts'

const listOptions = {
  one: { type: 'boolean', short: '1', does: 'one name a line' },
  all: { type: 'boolean', short: 'a', does: 'with names that begin with a dot' },
  human: { type: 'boolean', short: 'h', does: 'sizes as people read them' },
  long: { type: 'boolean', short: 'l', does: 'with modes, owners, sizes and times' },
  numeric: { type: 'boolean', short: 'n', does: 'the same as -l' },
  reverse: { type: 'boolean', short: 'r', does: 'the other way round' },
  size: { type: 'boolean', short: 'S', does: 'the largest first' },
  time: { type: 'boolean', short: 't', does: 'the newest first' },
  unsorted: { type: 'boolean', short: 'f', does: 'as they come' },
} as const

type ListSaid = Call<typeof listOptions>['said']

async function list(call: Call<typeof listOptions>): Promise<void> {
  const { shell, said, rest, bringing } = call
  const plain: { entry: Entry; name: string }[] = []
  const things = await shell.things(rest.length === 0 ? ['.'] : rest, bringing.signal)
  const directories = things.filter(({ entry }) => entry.kind === 'directory')
  const single = things.length === 1
  for (const { place, entry } of things) {
    if (entry.kind !== 'directory' || (!single && rest.length < things.length))
      plain.push({ entry, name: place.words })
  }
  await show(call, said, plain)
  if (!single && rest.length < things.length) return
  for (const { place } of directories) {
    if (!single) await call.print(`\n${place.words}:`)
    const entries = await listAll(place.store, place.path)
    const seen = entries.filter(({ name }) => said.all || !name.startsWith('.'))
    await show(
      call,
      said,
      seen.map((entry) => ({ entry, name: entry.name })),
    )
  }
}

async function show(
  { print, bringing }: Call<typeof listOptions>,
  said: ListSaid,
  things: readonly { readonly entry: Entry; readonly name: string }[],
): Promise<void> {
  const sorted = said.size
    ? things.toSorted((one, other) => other.entry.size - one.entry.size)
    : said.time
      ? things.toSorted((one, other) => other.entry.modified.getTime() - one.entry.modified.getTime())
      : [...things]
  if (said.reverse) sorted.reverse()
  const shown = (name: string, entry: Entry): string =>
    `${bringing.out.name(name)}${entry.kind === 'directory' && !name.endsWith('/') ? '/' : ''}`
  if (said.long || said.numeric) {
    for (const { entry, name } of sorted) await print(longLine(entry, shown(name, entry), said.human))
  } else {
    const names = sorted.map(({ entry, name }) => shown(name, entry))
    const wide = process.stdout.isTTY && !said.one ? process.stdout.columns : 0
    for (const line of columns(names, wide)) await print(line)
  }
}

/** The verbs that look at the other side. */
export const lookVerbs: Readonly<Record<string, Verb>> = {
  ls: verb({
    usage: 'ls [-1afhlnrSt] [PATH]...',
    does: 'lists what is there',
    options: listOptions,
    names: 'remote',
    run: list,
  }),
  cls: verb({
    usage: 'cls [-1alhrSt] [PATH]...',
    does: 'the same, as lftp calls it',
    options: listOptions,
    names: 'remote',
    run: list,
  }),
  cat: verb({
    usage: 'cat PATH...',
    does: 'prints files',
    names: 'remote',
    async run({ shell, rest, bringing, write }) {
      for (const { place, entry } of await shell.things(rest, bringing.signal)) {
        if (entry.kind === 'directory') throw new FileError('is-directory', `${place.words} is a directory`)
        const file = await openToRead(place.store, place.path)
        const { pace, signal } = bringing
        await transfer(file, () => pump(file, sinkFor(write), { from: 0, pace, signal }))
      }
    },
  }),
  stat: verb({
    usage: 'stat PATH...',
    does: 'tells all about files',
    names: 'remote',
    async run({ shell, rest, bringing, print }) {
      for (const { place, entry } of await shell.things(rest, bringing.signal))
        await print(longLine(entry, bringing.out.name(place.words)))
    },
  }),
  du: verb({
    usage: 'du [PATH]...',
    does: 'sums up sizes',
    options: {
      human: { type: 'boolean', short: 'h', does: 'as people read them' },
      summarize: { ...ignored, short: 's' },
    },
    names: 'remote',
    async run({ shell, said, rest, bringing, print }) {
      for (const { place, entry } of await shell.things(rest.length === 0 ? ['.'] : rest, bringing.signal)) {
        let bytes = entry.kind === 'directory' ? 0 : entry.size
        if (entry.kind === 'directory') {
          for await (const found of walk(place.store, place.path, { signal: bringing.signal })) {
            if (found.entry.kind === 'file') bytes += found.entry.size
          }
        }
        await print(
          `${(said.human ? formatBytes(bytes) : String(bytes)).padEnd(12)} ${bringing.out.name(place.words)}`,
        )
      }
    },
  }),
  find: verb({
    usage: 'find [PATH] [-d DEPTH]',
    does: 'lists all that is below',
    options: { depth: { type: 'string', short: 'd', value: 'N', does: 'how deep' } },
    names: 'remote',
    async run({ shell, said, rest, bringing, print }) {
      const deepest = wholeNumber('-d', said.depth, 1) ?? Infinity
      const place = shell.at(rest[0] ?? '.', bringing.signal)
      const lead = (rest[0] ?? '.').replace(/\/$/u, '')
      const top = place.path === '/' ? 0 : place.path.length
      for await (const { path, entry } of walk(place.store, place.path, {
        deepest,
        signal: bringing.signal,
      })) {
        await print(bringing.out.name(`${lead}${path.slice(top)}${entry.kind === 'directory' ? '/' : ''}`))
      }
    },
  }),
  hash: verb({
    usage: 'hash [-a NAME] PATH...',
    does: 'makes hashes of files, sha256 if not said',
    options: { algorithm: { type: 'string', short: 'a', value: 'NAME', does: hashNames.join(', ') } },
    names: 'remote',
    async run({ shell, said, rest, bringing, print }) {
      const algorithm = oneOf('-a', said.algorithm, hashNames) ?? 'sha256'
      for (const { place } of await shell.things(rest, bringing.signal)) {
        await print(`${await digest(place, algorithm)}  ${bringing.out.name(place.words)}`)
      }
    },
  }),
  df: verb({
    usage: 'df [-h] [PATH]',
    does: 'tells how much room there is',
    options: { human: { type: 'boolean', short: 'h', does: 'as people read it' } },
    names: 'remote',
    async run({ shell, said, rest, bringing, print }) {
      const { store, path } = shell.at(rest[0] ?? '.', bringing.signal)
      const { total, free } = await store.space(path)
      const text = (bytes: number): string => (said.human ? formatBytes(bytes) : String(bytes))
      await print(`${text(total)} in all, ${text(total - free)} used, ${text(free)} free`)
    },
  }),
  pwd: verb({
    usage: 'pwd',
    does: 'where one stands over there',
    run: async ({ shell, print }) => print(shell.standing().path),
  }),
}
