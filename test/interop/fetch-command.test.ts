import assert from 'node:assert/strict'
import { existsSync, lstatSync } from 'node:fs'
import { lstat, mkdir, readFile, readdir, symlink, utimes, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test, type TestContext } from 'node:test'
import { runProgram, StartedProgram, type Ended } from './program.ts'
import { exists, makeFile, sha256, temporaryFolder } from './scene.ts'

const ferry = join(import.meta.dirname, '..', '..', 'bin', 'ferry.js')

function run(folder: string, words: readonly string[], input?: string): Promise<Ended> {
  return runProgram(process.execPath, [ferry, ...words], {
    folder,
    ...(input === undefined ? {} : { input }),
  })
}

async function world(t: TestContext): Promise<string> {
  const folder = await temporaryFolder(t)
  await mkdir(join(folder, 'from', 'sub'), { recursive: true })
  await writeFile(join(folder, 'from', 'a.txt'), 'alpha\n')
  await writeFile(join(folder, 'from', 'sub', 'b c.txt'), 'beta\n')
  await makeFile(join(folder, 'from', 'big.bin'), 3_000_000)
  await utimes(join(folder, 'from', 'a.txt'), 1e9, 1e9)
  return folder
}

test('sync makes a folder like another, and the second time has nothing to do', async (t) => {
  const folder = await world(t)
  const dry = await run(folder, ['sync', '--dry-run', 'from', 'to'])
  assert.equal(dry.code, 0, dry.printed)
  assert.match(dry.printed, /copy {3}sub\/b c\.txt {2}\(new\)/u)
  assert.equal(await exists(join(folder, 'to')), false)
  assert.match((await run(folder, ['sync', 'from', 'to'])).printed, /copied 3 files, 3\.0 MB/u)
  assert.equal(await sha256(join(folder, 'to', 'big.bin')), await sha256(join(folder, 'from', 'big.bin')))
  assert.match((await run(folder, ['sync', 'from', 'to'])).printed, /copied 0 files/u)
})

test('the exit status tells what went wrong, and --json tells it to programs', async (t) => {
  const folder = await world(t)
  assert.equal((await run(folder, ['get', 'nothing'])).code, 5)
  assert.equal((await run(folder, ['get', 'from/a.txt', 'nothing', '-o', './'])).code, 1)
  assert.equal((await run(folder, ['get'])).code, 2)
  assert.equal((await run(folder, ['ls', 'gopher://x/'])).code, 2)
  assert.equal((await run(folder, ['ls', '--nonsense'])).code, 2)
  // The word is wrong, and the process ends all the same.
  assert.equal((await run(folder, ['ls', '--rate', 'nonsense', 'from'])).code, 2)
  const told = await run(folder, ['stat', '--json', 'nothing'])
  assert.deepEqual(Object.keys(JSON.parse(told.printed) as object).slice(0, 3), ['error', 'kind', 'exit'])
})

test('what is not there keeps nobody from the others, and 1 tells that a part failed', async (t) => {
  const folder = await world(t)
  for (const words of [
    ['ls'],
    ['stat'],
    ['cat'],
    ['du'],
    ['hash'],
    ['find'],
    ['touch', '-d', '2020-01-01'],
  ]) {
    const several =
      words[0] === 'touch' ? ['from', 'from/none/x'] : ['nothing', 'from/a.txt', 'from/sub/b c.txt']
    const { code, printed } = await run(folder, [...words, ...several])
    assert.equal(code, 1, `${words.join(' ')}\n${printed}`)
    if (words[0] !== 'touch') assert.match(printed, /there is no nothing/u)
  }
  const both = await run(folder, ['cat', 'nothing', 'from/a.txt', 'from/sub/b c.txt'])
  assert.match(both.printed, /alpha\nbeta\n/u)
  assert.equal((await run(folder, ['mkdir', 'from', 'fresh'])).code, 1)
  assert.equal(await exists(join(folder, 'fresh')), true)
  await mkdir(join(folder, 'into'))
  assert.equal((await run(folder, ['mv', 'nothing', 'from/a.txt', 'into'])).code, 1)
  assert.equal(await exists(join(folder, 'into', 'a.txt')), true)
})

test('a word that cannot be read is told in JSON to who asked for JSON', async (t) => {
  const folder = await world(t)
  for (const words of [
    ['ls', '--nonsense'],
    ['get', '--rate', 'much', 'x'],
    ['ls', 'gopher://x/'],
  ]) {
    const { code, printed } = await run(folder, [...words, '--json'])
    assert.equal(code, 2)
    assert.equal((JSON.parse(printed) as { kind: string }).kind, 'UsageError', printed)
  }
})

test('what is brought with all that is in it is summed up, and what is in the way is named', async (t) => {
  const folder = await world(t)
  assert.match(
    (await run(folder, ['get', '-r', 'from', '-o', 'to'])).printed,
    /from -> to {2}3 files, 3\.0 MB/u,
  )
  const { code, printed } = await run(folder, ['get', 'from/a.txt', '-o', 'to/a.txt/'])
  assert.equal(code, 5)
  assert.match(printed, /to\/a\.txt\/ is no directory/u)
  assert.match((await run(folder, ['sync', 'nothing', 'to'])).printed, /there is no nothing/u)
})

test('a folder that is missing here is named, and not the source, which is there', async (t) => {
  const folder = await world(t)
  for (const words of [
    ['get', 'from/a.txt', '-o', 'none/b.txt'],
    ['cp', 'from/a.txt', 'none/b.txt'],
  ]) {
    const { code, printed } = await run(folder, words)
    assert.equal(code, 5)
    assert.match(printed, /none\/b\.txt cannot be written: there is no folder none\n/u)
    assert.doesNotMatch(printed, /a\.txt/u)
  }
})

test('an option or a command that is nearly right is guessed', async (t) => {
  const folder = await world(t)
  assert.match((await run(folder, ['rm', '--recursiv', 'from'])).printed, /is --recursive meant\?/u)
  assert.match((await run(folder, ['snyc', 'from', 'to'])).printed, /Is sync meant\?/u)
  const { printed } = await run(folder, ['get', '--output', '-c', 'from/a.txt'])
  assert.equal(printed.trimEnd().split('\n').length, 1, printed)
  assert.match(printed, /--output needs a value behind it/u)
  assert.match((await run(folder, ['ls', '--retries', '-1'])).printed, /is written --retries=-1\./u)
  assert.match((await run(folder, ['ls', '--rate'])).printed, /--rate needs a value behind it\./u)
  assert.match((await run(folder, ['version'])).printed, /^ferry \d/u)
})

test('Ctrl-C ends a copy with 130, and with --resume it goes on behind what came', async (t) => {
  const folder = await world(t)
  const copy = new StartedProgram(
    process.execPath,
    [ferry, 'get', '--rate', '1M', 'from/big.bin', '-o', 'x'],
    { folder },
  )
  const part = async (): Promise<string | undefined> =>
    (await readdir(folder)).find((name) => name.includes('-x'))
  while ((await part()) === undefined) await new Promise((resolve) => setTimeout(resolve, 20))
  copy.interrupt()
  const ended = await copy.ended
  assert.equal(ended.code, 130, ended.printed)
  assert.equal(await exists(join(folder, 'x')), false)
  const resumed = await run(folder, ['get', '--resume', 'from/big.bin', '-o', 'x'])
  assert.equal(resumed.code, 0, resumed.printed)
  assert.equal(await sha256(join(folder, 'x')), await sha256(join(folder, 'from', 'big.bin')))
  assert.equal(await part(), undefined)
})

test('rm takes a link and not what it leads to, and directories only when told', async (t) => {
  const folder = await world(t)
  await symlink('from', join(folder, 'link'))
  await symlink('nowhere', join(folder, 'dangling'))
  await symlink('nowhere', join(folder, 'moved'))
  assert.equal((await run(folder, ['rm', 'dangling'])).code, 0)
  assert.equal((await run(folder, ['mv', 'moved', 'was moved'])).code, 0)
  assert.ok((await readdir(folder)).includes('was moved'))
  assert.equal((await run(folder, ['rm', 'from'])).code, 5)
  assert.equal((await run(folder, ['rm', 'link'])).code, 0)
  assert.equal(await exists(join(folder, 'from', 'a.txt')), true)
  assert.equal((await run(folder, ['rm', '-r', 'from'])).code, 0)
  assert.equal(await exists(join(folder, 'from')), false)
})

test('a script of the shell runs to its end, or to the first line that fails', async (t) => {
  const folder = await world(t)
  await mkdir(join(folder, 'near'))
  const script = [
    'lcd near',
    'get "sub/b c.txt" copy',
    '-get nothing',
    'cls -1 > names',
    'mirror sub',
    'bye',
    'get a.txt',
  ]
  const done = await run(folder, ['shell', 'from'], `${script.join('\n')}\n`)
  assert.equal(done.code, 0, done.printed)
  assert.deepEqual((await readdir(join(folder, 'near'))).toSorted(), ['copy', 'names', 'sub'])
  assert.equal(await readFile(join(folder, 'near', 'names'), 'utf8'), 'a.txt\nbig.bin\nsub/\n')
  for (const [line, status] of [
    ['exit 3', 3],
    ['exit', 0],
    ['get nothing || exit', 5],
    ['get nothing || exit 4', 4],
    ['-exit 3', 3],
    ['exit now', 2],
    ['exit 256', 2],
  ] as const) {
    assert.equal((await run(folder, ['shell', 'from'], `${line}\nget nothing\n`)).code, status, line)
  }
  const stopped = await run(folder, ['shell', 'from'], 'get nothing\nget a.txt\n')
  assert.equal(stopped.code, 5, stopped.printed)
  assert.equal(await exists(join(folder, 'a.txt')), false)
})

test('every command has its help', async (t) => {
  const folder = await temporaryFolder(t)
  const all = await run(folder, ['help'])
  assert.equal(all.code, 0)
  for (const name of ['ls', 'get', 'put', 'sync', 'shell', 'serve'])
    assert.match(all.printed, new RegExp(`ferry ${name}`, 'u'))
  assert.match((await run(folder, ['help', 'sync'])).printed, /--dry-run/u)
  assert.equal((await run(folder, ['help', 'nonsense'])).code, 2)
  const asked = await run(folder, ['sync', 'a', 'b', '--help'])
  assert.equal(asked.code, 0)
  assert.match(asked.printed, /--dry-run/u)
})

test('a device or a pipe stays what it is: get writes to it, and sync leaves it alone', async (t) => {
  const folder = await world(t)
  const pipe = join(folder, 'pipe')
  assert.equal((await runProgram('mkfifo', [pipe], { folder })).code, 0)
  const reading = runProgram('sh', ['-c', 'cat pipe'], { folder })
  assert.equal((await run(folder, ['get', 'from/a.txt', '-o', 'pipe'])).code, 0)
  assert.equal((await reading).printed, 'alpha\n')
  assert.equal((await lstat(pipe)).isFIFO(), true)
  await mkdir(join(folder, 'into'))
  assert.equal((await runProgram('mkfifo', [join(folder, 'into', 'a.txt')], { folder })).code, 0)
  const synced = await run(folder, ['sync', 'from', 'into'])
  assert.equal(synced.code, 1, synced.printed)
  assert.equal((await lstat(join(folder, 'into', 'a.txt'))).isFIFO(), true)
})

const outputs = '/proc/self/fd/1'

test(
  'a link to our own output, as /dev/stdout is, stays one and gets the file alone',
  { skip: !existsSync(outputs) },
  async (t) => {
    const folder = await world(t)
    const out = join(folder, 'out')
    await symlink(outputs, out)
    for (const words of ['get from/a.txt -o out', 'get --json from/a.txt -o out']) {
      const shell = `"${process.execPath}" "${ferry}" ${words} | cat`
      assert.equal((await runProgram('sh', ['-c', shell], { folder })).printed, 'alpha\n', words)
      assert.equal((await lstat(out)).isSymbolicLink(), true)
    }
  },
)

const full = '/dev/full'
const hasFull = existsSync(full) && lstatSync(full).isCharacterDevice()

test('what cannot be printed is an error, and not the end of a list', { skip: !hasFull }, async (t) => {
  const folder = await world(t)
  for (const words of ['ls from', 'ls --json from', 'cat from/big.bin', '--help', 'stat from/a.txt']) {
    const shell = `"${process.execPath}" "${ferry}" ${words} > ${full}`
    const { code, printed } = await runProgram('sh', ['-c', shell], { folder })
    assert.notEqual(code, 0, words)
    assert.match(printed, /no space left/u, words)
  }
})
