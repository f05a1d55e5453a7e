import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  choice,
  either,
  flag,
  list,
  named,
  record,
  text,
  whole,
  word,
  type Problem,
  type Shape,
} from './shape.ts'
import { bytes, duration, moment, rate } from './units.ts'

function read<Value>(shape: Shape<Value>, given: unknown): { value: Value | undefined; problems: string[] } {
  const problems: Problem[] = []
  const value = shape.read(given, [], problems)
  return { value, problems: problems.map((problem) => `${problem.path.join('.')}: ${problem.text}`) }
}

const shape = record<{
  port?: number
  name: string
  users?: Readonly<Record<string, boolean>>
  kinds?: readonly ('a' | 'off')[]
}>(
  'about',
  {
    port: whole('a port', 0, 65_535),
    name: text('a name'),
    users: named('users', flag('whether')),
    kinds: list('kinds', choice('kind', ['a', 'off'])),
  },
  ['name'],
)

test('what is right comes back as it is', () => {
  const given = { port: 21, name: 'x', users: { ['__proto__']: true, b: false }, kinds: ['a', false] }
  const { value, problems } = read(shape, given)
  assert.deepEqual(problems, [])
  assert.equal(value?.port, 21)
  assert.deepEqual(value?.kinds, ['a', 'off'])
})

test('all that is wrong is told, each with its place', () => {
  const { value, problems } = read(shape, { prot: 21, port: 70_000, users: { a: 1 }, kinds: ['b'] })
  assert.equal(value, undefined)
  assert.deepEqual(problems, [
    'prot: is no setting (is port meant?)',
    'port: must be a whole number from 0 to 65535, and is 70000',
    'users.a: must be true or false, and is 1',
    'kinds.0: must be one of a, off, and is "b"',
    ': the key name is missing',
  ])
})

test('a list of one is shown as it must be written', () => {
  const { problems } = read(shape, { name: 'x', kinds: 'a' })
  assert.deepEqual(problems, ['kinds: must be a list, also of one: [a]'])
  assert.deepEqual(read(shape, { name: 'x', kinds: {} }).problems, [
    'kinds: must be a list like [one, other], and is a map',
  ])
})

test('whatever is given, it is refused with words and not with a crash', () => {
  for (const given of [
    null,
    undefined,
    5,
    'x',
    [],
    [[]],
    { name: {} },
    { name: 'x', users: [] },
    { name: 'x', kinds: 'a' },
  ])
    assert.ok(read(shape, given).problems.length > 0, JSON.stringify(given))
})

test('a NUL is in no text, as no path, address or name has one', () => {
  const host = word('a host', 'an address', (said) => said)
  assert.deepEqual(read(host, '\0').problems, [': must be an address, and is "\\u0000"'])
  assert.deepEqual(read(text('a path'), 'a\0b').problems, [': must be a text, and is "a\\u0000b"'])
})

test('of two shapes the one that was meant tells what is wrong', () => {
  const both = either(
    choice('off', ['off']),
    record<{ port?: number }>('on', { port: whole('a port', 0, 9) }),
  )
  assert.deepEqual(read(both, false).value, 'off')
  assert.deepEqual(read(both, { port: 3 }).value, { port: 3 })
  assert.deepEqual(read(both, { port: 33 }).problems, ['port: must be a whole number from 0 to 9, and is 33'])
})

test('a shape describes itself as JSON Schema', () => {
  assert.deepEqual((shape.schema['properties'] as Record<string, unknown>)['port'], {
    type: 'integer',
    description: 'a port',
    minimum: 0,
    maximum: 65_535,
  })
  assert.deepEqual(shape.schema['required'], ['name'])
  assert.equal(shape.schema['additionalProperties'], false)
})

test('sizes, rates, times and moments are read as people write them', () => {
  const golden: readonly [Shape<number>, unknown, number | undefined][] = [
    [bytes(''), 1500, 1500],
    [bytes(''), '10 MB', 10_000_000],
    [bytes(''), '2GiB', 2 * 1024 ** 3],
    [bytes(''), '1.5k', 1500],
    [bytes(''), '-1', undefined],
    [bytes(''), '10 XB', undefined],
    [bytes(''), '99999999 PB', undefined],
    [rate(''), '500 kB/s', 500_000],
    [rate(''), '0', undefined],
    [duration(''), 10, 10_000],
    [duration(''), '5 min', 300_000],
    [duration(''), '5m', 300_000],
    [duration(''), '7 days', 604_800_000],
    [duration(''), 'soon', undefined],
    [moment(''), '2027-03-31', Date.UTC(2027, 2, 31, 23, 59, 59, 999)],
    [moment(''), '2027-03-31T18:00Z', Date.UTC(2027, 2, 31, 18)],
    [moment(''), '2027-03-31T18:00', undefined],
    [moment(''), '2027-13-31', undefined],
  ]
  for (const [unit, given, wanted] of golden) assert.equal(read(unit, given).value, wanted, String(given))
})
