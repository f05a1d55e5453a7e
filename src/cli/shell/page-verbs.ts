import type { Readable } from 'node:stream'
import { createGunzip } from 'node:zlib'
import { FileError } from '../../core/error.ts'
import { openToRead, readableOf } from '../../client/streams.ts'
import { verb, type Call, type Verb } from './verb.ts'

/** The bytes of a file over there, unpacked where that is asked for; trouble on the way is that of the result. */
async function contentOf(call: Call, word: string, packed: boolean): Promise<Readable[]> {
  const things = await call.shell.things([word], call.bringing.signal)
  return Promise.all(
    things.map(async ({ place, entry }) => {
      if (entry.kind === 'directory') throw new FileError('is-directory', `${place.words} is a directory`)
      const bytes = readableOf(await openToRead(place.store, place.path), {})
      if (!packed) return bytes
      const plain = createGunzip()
      bytes.once('error', (error) => plain.destroy(error))
      plain.once('close', () => bytes.destroy())
      return bytes.pipe(plain)
    }),
  )
}

/** What cannot be unpacked is the file's trouble. */
async function readable(word: string, reading: Promise<unknown>): Promise<void> {
  try {
    await reading
  } catch (thrown) {
    const code = thrown instanceof Error && 'code' in thrown ? String(thrown.code) : ''
    if (!code.startsWith('Z_')) throw thrown
    throw new FileError('invalid', `${word} is not what gzip has packed`, { cause: thrown })
  }
}

/** Shows files page by page, with $PAGER. They come as far as somebody looks. */
async function page(call: Call, packed: boolean): Promise<void> {
  const pager = process.env['PAGER'] ?? 'more'
  for (const word of call.rest) {
    for (const bytes of await contentOf(call, word, packed))
      await readable(word, call.shell.program(pager, bytes))
  }
}

async function unpack(call: Call): Promise<void> {
  for (const word of call.rest) {
    for (const bytes of await contentOf(call, word, true)) {
      const print = async (): Promise<void> => {
        for await (const piece of bytes as AsyncIterable<Uint8Array>) await call.write(piece)
      }
      await readable(word, print())
    }
  }
}

/** The verbs that read files aloud. */
export const pageVerbs: Readonly<Record<string, Verb>> = {
  more: verb({
    usage: 'more PATH...',
    does: 'shows files page by page, with $PAGER',
    names: 'remote',
    run: (call) => page(call, false),
  }),
  zmore: verb({
    usage: 'zmore PATH...',
    does: 'the same with what gzip has packed',
    names: 'remote',
    run: (call) => page(call, true),
  }),
  zcat: verb({
    usage: 'zcat PATH...',
    does: 'prints what gzip has packed',
    names: 'remote',
    run: unpack,
  }),
}
