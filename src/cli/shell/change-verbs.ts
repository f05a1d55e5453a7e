import { FileError } from '../../core/error.ts'
import { joinPath, resolvePath } from '../../core/path.ts'
import { isRemote } from '../../client/end.ts'
import { copyFile } from '../../client/copy-file.ts'
import { isDirectory, makeDirectory } from '../../client/make-directory.ts'
import { removeTree } from '../../client/remove-tree.ts'
import { systemClock } from '../../core/clock.ts'
import { UsageError } from '../usage-error.ts'
import { changeMode } from '../fetching/change-mode.ts'
import { readMode } from '../fetching/read-mode.ts'
import { ifThere } from './if-there.ts'
import { nameOfThing } from './shell.ts'
import { verb, type Call, type Verb } from './verb.ts'

async function rename({ shell, rest, bringing }: Call): Promise<void> {
  const [from, to] = two(rest, 'what to move, and where to')
  for (const thing of await shell.things([from], bringing.signal)) {
    const target = await shell.target(to, nameOfThing(thing), bringing.signal)
    await thing.place.store.rename(thing.place.path, target.path, true)
  }
}

/** Moves several into a directory, which must be there: under its name the last one would be all that is left. */
async function moveInto({ shell, said, rest, bringing }: Call<typeof moveOptions>): Promise<void> {
  const words = said.into === undefined ? rest.slice(0, -1) : rest
  const folder = said.into ?? rest.at(-1)
  if (folder === undefined || words.length === 0)
    throw new UsageError('mmv takes what to move, and the directory to move it into.')
  const place = shell.at(folder, bringing.signal)
  if (!(await isDirectory(place.store, place.path)))
    throw new FileError('not-directory', `${folder} is no directory`)
  for (const thing of await shell.things(words, bringing.signal)) {
    // A pattern fits the directory itself as well.
    if (thing.place.path === place.path) continue
    const to = joinPath(place.path, nameOfThing(thing))
    await thing.place.store.rename(thing.place.path, to, true)
  }
}

const moveOptions = {
  into: { type: 'string', short: 'O', value: 'FOLDER', does: 'into this directory' },
} as const

async function copy({ shell, rest, bringing }: Call): Promise<void> {
  const [from, to] = two(rest, 'what to copy, and where to')
  for (const thing of await shell.things([from], bringing.signal)) {
    const target = await shell.target(to, nameOfThing(thing), bringing.signal)
    await copyFile(thing.place, target, { entry: thing.entry, signal: bringing.signal })
  }
}

async function link({ shell, rest, bringing }: Call, symbolic: boolean): Promise<void> {
  const [old, fresh] = two(rest, 'what is there, and the new name')
  const target = await shell.target(fresh, old.split('/').at(-1) ?? old, bringing.signal)
  const to = symbolic ? old : resolvePath(shell.standing().path, old)
  await target.store.link(target.path, to, symbolic ? 'symbolic' : 'hard')
}

async function changeOwner({ shell, rest, bringing }: Call, what: 'owner' | 'group'): Promise<void> {
  const [name, ...words] = rest
  if (name === undefined || words.length === 0)
    throw new UsageError(`that takes a name of the ${what}, and files.`)
  for (const { place } of await shell.things(words, bringing.signal))
    await place.store.change(place.path, { [what]: name })
}

async function quote({ shell, print }: Call, command: string): Promise<void> {
  const { store } = shell.standing()
  if (!isRemote(store) || !('raw' in store) || typeof store.raw !== 'function') {
    throw new FileError('unsupported', 'this protocol has no commands to be typed')
  }
  await print(String(await store.raw(command)))
}

function two(rest: readonly string[], what: string): [string, string] {
  const [first, second, third] = rest
  if (first !== undefined && second !== undefined && third === undefined) return [first, second]
  throw new UsageError(`that takes two names: ${what}.`)
}

/** The verbs that change what is on the other side. */
export const changeVerbs: Readonly<Record<string, Verb>> = {
  rm: verb({
    usage: 'rm [-r] [-f] PATH...',
    does: 'removes',
    options: {
      recursive: { type: 'boolean', short: 'r', does: 'directories too' },
      force: { type: 'boolean', short: 'f', does: 'what is not there is no trouble' },
    },
    names: 'remote',
    async run({ shell, said, rest, bringing }) {
      for (const word of rest) {
        try {
          for (const { place, entry } of await shell.things([word], bringing.signal)) {
            const itself = (await ifThere(place.store.stat(place.path, false))) ?? entry
            if (itself.kind !== 'directory') await place.store.remove(place.path)
            else if (said.recursive) await removeTree(place.store, place.path, undefined, bringing.signal)
            else
              throw new FileError('is-directory', `${place.words} is a directory`, {
                facts: { hint: 'Use rm -r, or rmdir for an empty one.' },
              })
          }
        } catch (thrown) {
          if (!said.force || !(thrown instanceof FileError) || thrown.fault !== 'not-found') throw thrown
        }
      }
    },
  }),
  mrm: verb({
    usage: 'mrm PATTERN...',
    does: 'removes files',
    names: 'remote',
    async run({ shell, rest, bringing }) {
      for (const { place } of await shell.things(rest, bringing.signal)) await place.store.remove(place.path)
    },
  }),
  rmdir: verb({
    usage: 'rmdir PATH...',
    does: 'removes empty directories',
    names: 'remote',
    async run({ shell, rest, bringing }) {
      for (const { place } of await shell.things(rest, bringing.signal)) await place.store.rmdir(place.path)
    },
  }),
  mkdir: verb({
    usage: 'mkdir [-p] PATH...',
    does: 'makes directories',
    options: { parents: { type: 'boolean', short: 'p', does: 'with those above' } },
    names: 'remote',
    async run({ shell, said, rest, bringing }) {
      for (const word of rest) {
        const { store, path } = shell.at(word, bringing.signal)
        await (said.parents ? makeDirectory(store, path) : store.mkdir(path))
      }
    },
  }),
  mv: verb({ usage: 'mv FROM TO', does: 'moves or renames', names: 'remote', run: rename }),
  mmv: verb({
    usage: 'mmv PATH... FOLDER',
    does: 'moves several into a directory',
    options: moveOptions,
    names: 'remote',
    run: moveInto,
  }),
  rename: verb({ usage: 'rename FROM TO', does: 'the same', names: 'remote', run: rename }),
  cp: verb({ usage: 'cp FROM TO', does: 'copies over there', names: 'remote', run: copy }),
  copy: verb({ usage: 'copy FROM TO', does: 'the same', names: 'remote', run: copy }),
  ln: verb({
    usage: 'ln [-s] OLD NEW',
    does: 'makes a link',
    options: { symbolic: { type: 'boolean', short: 's', does: 'a symbolic one' } },
    names: 'remote',
    run: (call) => link(call, call.said.symbolic),
  }),
  symlink: verb({
    usage: 'symlink OLD NEW',
    does: 'makes a symbolic link',
    names: 'remote',
    run: (call) => link(call, true),
  }),
  chmod: verb({
    usage: 'chmod [-R] MODE PATH...',
    does: 'sets modes, like 644 or u+x',
    options: { recursive: { type: 'boolean', short: 'R', does: 'all that is below too' } },
    names: 'remote',
    async run({ shell, said, rest, bringing }) {
      const [text = '', ...words] = rest
      const mode = readMode(text)
      for (const { place } of await shell.things(words, bringing.signal))
        await changeMode(place, mode, said.recursive, bringing.signal)
    },
  }),
  chown: verb({
    usage: 'chown OWNER PATH...',
    does: 'sets owners',
    names: 'remote',
    run: (call) => changeOwner(call, 'owner'),
  }),
  chgrp: verb({
    usage: 'chgrp GROUP PATH...',
    does: 'sets groups',
    names: 'remote',
    run: (call) => changeOwner(call, 'group'),
  }),
  touch: verb({
    usage: 'touch PATH...',
    does: 'sets the time to now, and makes what is missing',
    names: 'remote',
    async run({ shell, rest, bringing }) {
      for (const word of rest) {
        const { store, path } = shell.at(word, bringing.signal)
        const there = await ifThere(store.stat(path))
        if (there === undefined) await (await store.open(path, { write: true, create: 'require' })).close()
        else await store.change(path, { modified: new Date(systemClock.now()) })
      }
    },
  }),
  quote: verb({
    usage: 'quote COMMAND',
    does: "says a command of the protocol's own",
    plainWords: true,
    run: (call) => quote(call, call.text),
  }),
  site: verb({
    usage: 'site COMMAND',
    does: 'the same with SITE in front',
    plainWords: true,
    run: (call) => quote(call, `SITE ${call.text}`),
  }),
}
