import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Hook, Rate } from '../core/account.ts'
import { FileError } from '../core/error.ts'
import { parsePath } from '../core/path.ts'
import type { Store } from '../core/store.ts'
import { memoryStore } from '../stores/memory.ts'
import { FakeClock } from '../testing/fake-clock.ts'
import { loginOf } from '../testing/login-of.ts'
import { fileText, putFile } from '../testing/store-files.ts'
import { bandwidth } from './bandwidth.ts'
import { hooks, type Question } from './hooks.ts'
import { fileNames } from './names.ts'
import { transferLimit } from './transfers.ts'

function ruleOf(thrown: unknown): string | undefined {
  return thrown instanceof FileError ? thrown.rule : String(thrown)
}

async function refusedBy(work: Promise<unknown>): Promise<string | undefined> {
  return work.then(() => 'nobody', ruleOf)
}

test('names that are denied, or not among the allowed, are refused in whatever way they come', async () => {
  const home = memoryStore()
  const store = fileNames(
    home,
    loginOf({ rules: { names: { allow: ['*.pdf', 'readme'], deny: ['secret*'] } } }),
  )
  await putFile(store, '/a.PDF', 'x')
  await putFile(store, '/readme', 'x')
  await store.mkdir(parsePath('/any.thing'))
  await putFile(home, '/x.exe', 'x')
  assert.equal(await refusedBy(putFile(store, '/b.exe', 'x')), 'names.allow')
  assert.equal(await refusedBy(putFile(store, '/Secret.pdf', 'x')), 'names.deny secret*')
  assert.equal(await refusedBy(fileText(store, '/x.exe')), 'names.allow')
  assert.equal(await refusedBy(store.rename(parsePath('/readme'), parsePath('/r.exe'), false)), 'names.allow')
  assert.equal(await refusedBy(store.rename(parsePath('/x.exe'), parsePath('/x.pdf'), false)), 'names.allow')
  assert.equal(await refusedBy(store.link(parsePath('/l.pdf'), 'x.exe', 'symbolic')), 'names.allow')
  await store.rename(parsePath('/any.thing'), parsePath('/other'), false)
  const hidden = fileNames(home, loginOf({ rules: { names: { deny: ['*.exe'] } } }))
  for (const name of ['/.exe', '/.a.exe', '/A.ExE'])
    assert.equal(await refusedBy(putFile(hidden, name, 'x')), 'names.deny *.exe', name)
})

test('a session has so many files open and no more, however they end', async () => {
  const home = memoryStore()
  const store = transferLimit(home, loginOf({ rules: { transfers: 2 } }))
  await putFile(home, '/a', 'x')
  const open = () => store.open(parsePath('/a'), { read: true })
  const [one, two] = [await open(), await open()]
  assert.equal(await refusedBy(open()), 'transfers')
  await one.close()
  await one.abort(new Error('again')).catch(() => undefined)
  const three = await open()
  assert.equal(await refusedBy(open()), 'transfers')
  await assert.rejects(store.open(parsePath('/none'), { read: true }))
  await two.abort(new Error('gone'))
  await assert.rejects(store.open(parsePath('/none'), { read: true }))
  await (await open()).close()
  await three.close()
})

test('a hook is asked before the deed, and may refuse it in its own words', async () => {
  const asked: string[] = []
  const hook: Hook = {
    ask: 'http://scan/',
    before: ['upload', 'remove', 'download'],
    timeoutMs: 10,
    onFailure: 'refuse',
  }
  const ask = async (_: Hook, { deed, path, account }: Question) => {
    asked.push(`${account} ${deed} ${path}`)
    return path === '/no' ? ({ allowed: false, text: 'not this one' } as const) : ({ allowed: true } as const)
  }
  const home = memoryStore()
  const store = hooks(ask)(home, loginOf({ rules: { hooks: [hook] } }))
  await putFile(store, '/a', 'x')
  assert.equal(await refusedBy(putFile(store, '/no', 'x')), 'hook http://scan/')
  await assert.rejects(home.stat(parsePath('/no')))
  await fileText(store, '/a')
  await putFile(store, '/b', 'x')
  await store.rename(parsePath('/a'), parsePath('/b'), true)
  await store.remove(parsePath('/b'))
  assert.deepEqual(asked, [
    'anna upload /a',
    'anna upload /no',
    'anna download /a',
    'anna upload /b',
    'anna remove /b',
    'anna remove /b',
  ])
})

const broken = async () => Promise.reject(new Error('no answer'))

test('without an answer it is as the hook says: closed, or open', async () => {
  const hook: Hook = { ask: '/bin/x', before: ['upload'], timeoutMs: 10, onFailure: 'refuse' }
  const closed = hooks(broken)(memoryStore(), loginOf({ rules: { hooks: [hook] } }))
  assert.equal(await refusedBy(putFile(closed, '/a', 'x')), 'hook /bin/x: no answer')
  const open = hooks(broken)(memoryStore(), loginOf({ rules: { hooks: [{ ...hook, onFailure: 'allow' }] } }))
  await putFile(open, '/a', 'x')
})

test('an account moves no faster than its rate, and its sessions share it fairly', async () => {
  const clock = new FakeClock()
  const home = memoryStore({ clock })
  await putFile(home, '/a', Buffer.alloc(1_000_000))
  const rule = bandwidth(clock)
  const moved = [0, 0]
  const run = async (at: 0 | 1): Promise<void> => {
    const login = loginOf({ rules: { rate: { download: 100_000 } } })
    const file = await rule(home, login).open(parsePath('/a'), { read: true })
    const block = Buffer.alloc(at === 0 ? 64_000 : 5000)
    for (let place = 0; place < 900_000;) {
      const count = await file.read(block, place)
      place += count
      moved[at] = (moved[at] ?? 0) + count
    }
    await file.close()
  }
  const both = Promise.all([run(0), run(1)])
  for (let second = 0; second < 10; second += 1)
    for (let part = 0; part < 20; part += 1) await clock.advance(50)
  const [one = 0, two = 0] = moved
  assert.ok(one + two >= 850_000 && one + two <= 1_100_000, `${one} and ${two}`)
  assert.ok(Math.abs(one - two) < 200_000, `${one} and ${two}`)
  await clock.advance(20_000)
  await both
})

function isEnded(thrown: unknown): boolean {
  return thrown instanceof FileError && thrown.fault === 'aborted'
}

test('who is not limited does not wait, and who leaves waits no longer', async () => {
  const clock = new FakeClock()
  const rule = bandwidth(clock)
  const home = memoryStore({ clock })
  await putFile(rule(home, loginOf({ rules: { rate: { download: 1 } } })), '/a', Buffer.alloc(100_000))
  const stop = new AbortController()
  const login = loginOf({ rules: { sessionRate: { upload: 1000 } } }, stop.signal)
  const writing = putFile(rule(home, login), '/b', Buffer.alloc(100_000))
  const over = assert.rejects(writing, isEnded)
  await clock.advance(100)
  stop.abort()
  await over
  assert.equal(clock.pending, 0)
})

test('a speed of the server that is said anew counts from the next session on', async () => {
  const clock = new FakeClock()
  const home = memoryStore({ clock })
  await putFile(home, '/a', Buffer.alloc(30_000))
  let rate: Rate = {}
  const rule = bandwidth(clock, () => rate)
  const before = rule(home, loginOf())
  rate = { download: 10_000 }
  const after = rule(home, loginOf())
  await readAll(before)
  const began = clock.ticks()
  let ended = 0
  const slow = readAll(after).then(() => void (ended = clock.ticks()))
  for (let part = 0; part < 80; part += 1) await clock.advance(50)
  await slow
  assert.ok(ended - began >= 2500, `${ended - began}`)
})

async function readAll(store: Store): Promise<void> {
  const file = await store.open(parsePath('/a'), { read: true })
  for (let at = 0; at < 30_000;) at += await file.read(Buffer.alloc(1000), at)
  await file.close()
}

test('the house reads for itself at full speed', async () => {
  const clock = new FakeClock()
  const home = memoryStore({ clock })
  await putFile(home, '/a', Buffer.alloc(50_000))
  const store = bandwidth(clock, () => ({ download: 10 }))(home, loginOf())
  const file = await store.open(parsePath('/a'), { read: true, inside: true })
  assert.equal(await file.read(Buffer.alloc(50_000), 0), 50_000)
  await file.close()
})
