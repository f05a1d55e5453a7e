import assert from 'node:assert/strict'
import { test } from 'node:test'
import { countWorkers } from './count-workers.ts'
import { parseServeWords } from './serve-options.ts'
import { portsOf } from './worker-given.ts'

const machine = { cores: 4, sharesPorts: true, inherits: false, firstOpenPort: 1024 }
const count = (...words: string[]) => countWorkers(parseServeWords(words), machine)

test('one serves if nothing is said, as many as are asked for otherwise, and with auto one for each core', () => {
  assert.deepEqual(count(), { count: 1 })
  assert.deepEqual(count('--workers', '3'), { count: 3 })
  assert.deepEqual(count('--workers', 'auto'), { count: 4 })
})

test('what is no number of workers is refused', () => {
  for (const wrong of ['0', '255', '-1', '1.5', 'all', ''])
    assert.throws(
      () => parseServeWords([`--workers=${wrong}`]),
      /--workers takes a number from 1 to 254, or auto/u,
    )
})

test('each has a port of its own in each range, or there are fewer, and why is said', () => {
  assert.deepEqual(count('--workers', '3', '--passive', '50000-50002'), { count: 3 })
  assert.equal(count('--workers', '3', '--passive', '50000-50001').count, 2)
  const tftp = ['--tftp', '69', '--tftp-ports', '60000']
  const { count: few, why } = count('--workers', '3', '--passive', '50000-50001', ...tftp)
  assert.equal(few, 1)
  assert.equal(why, '--tftp-ports has ports for 1 of 3 workers, as each needs its own: one serves')
  assert.deepEqual(count('--workers', '3', '--ftp', 'off', '--passive', '50000'), { count: 3 })
})

test('where ports cannot be shared, or were opened by another program, one serves', () => {
  const alone = countWorkers(parseServeWords(['--workers', '2']), {
    cores: 4,
    sharesPorts: false,
    inherits: false,
    firstOpenPort: 1024,
  })
  assert.equal(alone.count, 1)
  assert.match(alone.why ?? '', /cannot share a port/u)
  const given = countWorkers(parseServeWords(['--workers', '2']), { ...machine, inherits: true })
  assert.match(given.why ?? '', /systemd has opened the ports/u)
  const published = countWorkers(parseServeWords(['--workers', '2', '--publish', 'far']), machine)
  assert.equal(published.count, 1)
  assert.match(published.why ?? '', /one SSH connection carries all/u)
  const single = countWorkers(parseServeWords(['--workers', 'auto']), {
    cores: 1,
    sharesPorts: false,
    inherits: false,
    firstOpenPort: 1024,
  })
  assert.deepEqual(single, { count: 1 })
})

test('the parts of a range are all of it, and none is in two', () => {
  for (const many of [1, 2, 3, 7]) {
    const range = { first: 50_000, last: 50_010 }
    const parts = Array.from(
      { length: many },
      (_, place) => portsOf({ ...parseServeWords([]), passive: range }, many, place).passive,
    )
    const ports = parts.flatMap((part) => {
      assert.ok(typeof part === 'object' && part.last >= part.first)
      return Array.from({ length: part.last - part.first + 1 }, (_, at) => part.first + at)
    })
    assert.deepEqual(
      ports,
      Array.from({ length: 11 }, (_, at) => 50_000 + at),
    )
  }
})

test('where none can follow who ends, it is said', () => {
  const words = ['--workers', '2', '--run-as', 'ferry', '--ftp']
  assert.match(count(...words, '21').why ?? '', /^ferry may not open port 21, so no worker can follow/u)
  assert.deepEqual(count(...words, '2121'), { count: 2 })
  assert.deepEqual(count('--workers', '2', '--ftp', '21'), { count: 2 })
  const open = countWorkers(parseServeWords([...words, '21']), { ...machine, firstOpenPort: 21 })
  assert.deepEqual(open, { count: 2 })
})
