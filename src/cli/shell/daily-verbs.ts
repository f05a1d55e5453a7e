import { mkdtemp, readFile, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { systemClock } from '../../core/clock.ts'
import { FileError } from '../../core/error.ts'
import { nameOf } from '../../core/path.ts'
import { pause } from '../../core/pause.ts'
import { localPlace } from '../../stores/local.ts'
import { bring } from '../fetching/bring.ts'
import { wholeNumber } from '../options.ts'
import { UsageError } from '../usage-error.ts'
import { keepBookmarks, readBookmarks } from './bookmarks.ts'
import { ifThere } from './if-there.ts'
import { readDelay, readTimeOfDay } from './times.ts'
import { verb, type Call, type Verb } from './verb.ts'

/** Fetches a file, has it edited, and sends it back when it has changed, over the old one in one step. */
async function edit({ shell, rest, bringing, print }: Call): Promise<void> {
  const [word] = rest
  if (word === undefined || rest.length > 1) throw new UsageError('edit takes one file.')
  const place = shell.at(word, bringing.signal)
  const entry = await ifThere(place.store.stat(place.path))
  if (entry?.kind === 'directory') throw new FileError('is-directory', `${word} is a directory`)
  const folder = await mkdtemp(join(tmpdir(), 'ferry-edit-'))
  const file = join(folder, nameOf(place.path))
  const near = await localPlace(file)
  const local = { ...near, words: file }
  const how = { recursive: false, segments: 1, jobs: 1, resume: 'no', keepModes: false } as const
  let written = false
  try {
    if (entry !== undefined) await bring(bringing, [{ thing: { place, entry }, to: local, words: file }], how)
    if (bringing.out.status !== 0) return
    const before = await contentOf(file)
    const editor = process.env['VISUAL'] ?? process.env['EDITOR'] ?? 'vi'
    const status = await shell.program(`${editor} '${file.replaceAll("'", String.raw`'\''`)}'`)
    const after = await contentOf(file)
    if (after === undefined || before?.equals(after) === true) {
      const ended = status === 0 ? '' : `; ${editor} ended with ${status}`
      return await print(`${word} is as it was${ended}`)
    }
    written = true
    const thing = { place: local, entry: await near.store.stat(near.path) }
    await bring(bringing, [{ thing, to: place, words: word }], { ...how, landing: 'beside' })
    if (bringing.out.status !== 0) return
    written = false
    if (entry?.mode !== undefined && place.store.features.has('modes'))
      await place.store.change(place.path, { mode: entry.mode })
  } finally {
    await near.store.close()
    if (written) process.stderr.write(`ferry: what you wrote is kept in ${file}\n`)
    else await rm(folder, { recursive: true, force: true })
  }
}

function contentOf(file: string): Promise<Buffer | undefined> {
  return ifThere(readFile(file))
}

/** Several commands are one word in quotes. */
function unquoted(text: string): string {
  const [, inside = text] = /^"([^"]*)"$/u.exec(text) ?? /^'([^']*)'$/u.exec(text) ?? []
  return inside
}

async function alias({ shell, rest, text, print }: Call): Promise<void> {
  const [name] = rest
  if (name === undefined) {
    for (const [each, meaning] of shell.aliases) await print(`${each}  ${meaning}`)
    return
  }
  const meaning = text.slice(text.indexOf(name) + name.length).trim()
  const inside = unquoted(meaning)
  if (inside === '') shell.aliases.delete(name)
  else shell.aliases.set(name, inside)
}

async function bookmark({ shell, rest, print }: Call): Promise<void> {
  const [what = 'list', name, url = what === 'add' ? shell.standingUrl() : undefined] = rest
  const bookmarks = await readBookmarks()
  switch (what) {
    case 'list':
      for (const [each, to] of bookmarks) await print(`${each.padEnd(16)} ${to}`)
      return
    case 'add':
      if (name === undefined || !/^[\w.-]+$/u.test(name) || url === undefined)
        throw new UsageError('bookmark add takes a name and, if it is not the place one is at, a URL.')
      if (/:\/\/[^/@]*:[^/@]*@/u.test(url))
        throw new UsageError('a bookmark keeps no password: ~/.netrc does.')
      bookmarks.set(name, url)
      break
    case 'del':
    case 'delete':
      if (name === undefined || !bookmarks.delete(name))
        throw new UsageError(`there is no bookmark ${name ?? 'without a name'}.`)
      break
    default:
      throw new UsageError('bookmark takes list, add NAME [URL] or del NAME.')
  }
  await keepBookmarks(bookmarks)
}

const settings = ['mode', 'rate', 'retries', 'timeout', 'tls'] as const

async function set({ shell, rest, print }: Call): Promise<void> {
  const [name, value] = rest
  if (name === undefined) {
    const said = shell.fetching.said()
    for (const each of settings) await print(`${each.padEnd(8)} ${said[each] ?? '(as usual)'}`)
    await print(`bars     ${shell.bars ? 'on' : 'off'}`)
    return
  }
  if (name === 'bars' && (value === 'on' || value === 'off')) {
    shell.bars = value === 'on'
    return
  }
  const setting = settings.find((each) => each === name)
  if (setting === undefined || rest.length > 2)
    throw new UsageError(`set takes bars on|off, or one of ${settings.join(', ')} and its value.`)
  shell.fetching.say({ [setting]: value })
  if (value === undefined) await print(`${setting.padEnd(8)} (as usual)`)
}

async function repeat({ shell, text, bringing }: Call): Promise<void> {
  const [, times, delay, line = ''] =
    /^(?:-c\s*(\d+)\s+)?(?:(\d+(?:\.\d+)?[smhd]?)\s+)?(.*)$/u.exec(text) ?? []
  const count = wholeNumber('-c', times, 1) ?? Infinity
  if (line === '') throw new UsageError('repeat takes a command: repeat -c 3 10s ls')
  for (let round = 1; round <= count; round += 1) {
    await shell.do(unquoted(line), bringing)
    if (round < count) await pause(systemClock, readDelay(delay ?? '1s') ?? 1000, bringing.signal)
  }
}

async function at({ shell, text, bringing, print }: Call): Promise<void> {
  const [, when = '', line = ''] = /^(\S+)\s+(?:--\s+)?(.+)$/u.exec(text) ?? []
  const now = new Date(systemClock.now())
  const wait = readTimeOfDay(when, now) ?? (when.startsWith('+') ? readDelay(when.slice(1)) : undefined)
  if (wait === undefined || line === '')
    throw new UsageError('at takes a time and a command: at 23:30 get big.iso &, or at +10m ls')
  await print(`at ${new Date(now.getTime() + wait).toTimeString().slice(0, 8)}: ${line}`)
  await pause(systemClock, wait, bringing.signal)
  await shell.do(unquoted(line), bringing)
}

/** Takes a job to the front: Ctrl-C ends it now. */
async function attach({ shell, rest, bringing, print }: Call): Promise<void> {
  const [word = String(shell.jobs.running.at(-1)?.id ?? '')] = rest
  const job = shell.jobs.running.find(({ id }) => String(id) === word.replace('%', ''))
  if (job === undefined) throw new UsageError(word === '' ? 'no job runs.' : `there is no job ${word}.`)
  await print(`[${job.id}] ${job.text}`)
  const stop = (): void => job.stop()
  bringing.signal.addEventListener('abort', stop, { once: true })
  await job.ended
  bringing.signal.removeEventListener('abort', stop)
  bringing.signal.throwIfAborted()
}

async function source({ shell, rest, bringing }: Call): Promise<void> {
  const [word] = rest
  if (word === undefined) throw new UsageError('source takes a file with a command a line.')
  const file = resolve(shell.local, word)
  if ((await ifThere(stat(file)))?.isFile() !== true) throw new UsageError(`there is no file ${file} here.`)
  for (const line of (await readFile(file, 'utf8')).split('\n')) {
    await shell.do(line, bringing)
    if (bringing.out.status !== 0 || shell.leaving) return
  }
}

/** The verbs of daily work that lftp has and sftp(1) has not. */
export const dailyVerbs: Readonly<Record<string, Verb>> = {
  edit: verb({
    usage: 'edit FILE',
    does: 'fetches a file, has $EDITOR change it, and sends it back',
    names: 'remote',
    run: edit,
  }),
  alias: verb({
    usage: 'alias [NAME [COMMAND]]',
    does: 'gives a command a name; without one takes the name away',
    names: 'verbs',
    plainWords: true,
    run: alias,
  }),
  bookmark: verb({
    usage: 'bookmark [list | add NAME [URL] | del NAME]',
    does: 'places with names: "open NAME" goes there',
    names: 'bookmarks',
    run: bookmark,
  }),
  set: verb({
    usage: 'set [NAME [VALUE]]',
    does: 'rate, retries; mode, tls, timeout of the next "open"; bars',
    plainWords: true,
    run: set,
  }),
  repeat: verb({
    usage: 'repeat [-c N] [DELAY] COMMAND',
    does: 'does a command again and again, every second if no DELAY is said',
    plainWords: true,
    run: repeat,
  }),
  at: verb({
    usage: 'at TIME COMMAND',
    does: 'does a command at 23:30, or in +10m; with & behind the prompt',
    plainWords: true,
    run: at,
  }),
  attach: verb({ usage: 'attach [N]', does: 'takes a job to the front: Ctrl-C ends it', run: attach }),
  source: verb({
    usage: 'source FILE',
    does: 'does the commands of a file of this machine',
    names: 'local',
    run: source,
  }),
  echo: verb({
    usage: 'echo WORDS',
    does: 'prints them',
    plainWords: true,
    run: async ({ rest, print }) => print(rest.join(' ')),
  }),
}
