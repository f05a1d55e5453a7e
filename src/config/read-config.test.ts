import assert from 'node:assert/strict'
import { test } from 'node:test'
import { network } from '../accounts/settings.ts'
import { configShapes, type Config } from './config.ts'
import { readConfig } from './read-config.ts'
import { record } from './shape.ts'

const shape = record<Config>('', configShapes(network))

function read(text: string, env: Record<string, string> = {}) {
  return readConfig('ferry.yaml', text, env, shape)
}

test('what is right is read, units and all, and where it stands is known', () => {
  const { value, problems, origins } = read(
    'limits:\n  connections: 50\n  download: 10 MB/s\nbans:\n  time: 2h\n',
  )
  assert.deepEqual(problems, [])
  assert.deepEqual(value, { limits: { connections: 50, download: 10_000_000 }, bans: { time: 7_200_000 } })
  assert.equal(origins.get('limits.download'), 'ferry.yaml:3:3')
})

test('a slip in the YAML is told where it begins, and a setting at the top has its place too', () => {
  const { problems, origins } = read('folder: "/srv\nftp: 21\n')
  assert.match(problems[0] ?? '', /^ferry\.yaml:\d+:\d+: /u)
  assert.equal(origins.size, 0)
  assert.match(read('ftp: 21\nftp: 22\n').problems[0] ?? '', /^ferry\.yaml:2:1: /u)
  assert.equal(read('recorder: 5\n').origins.get('recorder'), 'ferry.yaml:1:1')
  assert.deepEqual(read('# nothing but this\n[1]\n').problems, [
    'ferry.yaml:2:1: must be a map of settings, and is a list',
  ])
})

test('all that is wrong is told with its line', () => {
  const text =
    'limits:\n  conections: 50\nnetworks:\n  deny:\n    - 10.0.0.0/8\n    - 10.0.0.0/99\nbans: yes\n'
  assert.deepEqual(read(text).problems, [
    'ferry.yaml:2:3: limits.conections is no setting (is limits.connections meant?)',
    'ferry.yaml:6:7: networks.deny.1 must be a network like 10.0.0.0/8, and is "10.0.0.0/99"',
    'ferry.yaml:7:1: bans must be a map of settings, and is "yes"',
  ])
  assert.equal(read(text).value, undefined)
})

test('a URL that could never be called is refused where it is written', () => {
  for (const wrong of [
    'https://anna:secret@hooks.example/',
    'https://hooks.example:99999/',
    'ftp://hooks.example/',
  ])
    assert.match(
      read(webhookAt(wrong)).problems[0] ?? '',
      /^ferry\.yaml:2:\d+: webhooks\.0\.url must be an http or https URL without a user name/u,
      wrong,
    )
  assert.deepEqual(read(webhookAt('https://hooks.example/x?y=z@1')).problems, [])
})

test('the environment says it instead, and is named when it is wrong', () => {
  const { value, origins } = read('limits: { connections: 50 }', {
    FERRY_LIMITS_CONNECTIONS: '7',
    FERRY_RECORDER: '5',
    FERRY_LIMITS_CONNECTIONS_PER_ADDRESS: '',
  })
  assert.deepEqual(value, { limits: { connections: 7 }, recorder: 5 })
  assert.equal(origins.get('limits.connections'), 'FERRY_LIMITS_CONNECTIONS')
  assert.deepEqual(read('', { FERRY_LIMITS_CONNECTIONS: 'many' }).problems, [
    'FERRY_LIMITS_CONNECTIONS: limits.connections must be a whole number from 1 to 1000000, and is "many"',
  ])
})

test('nothing that is no configuration brings it down', () => {
  for (const text of [
    '[',
    '- a',
    'a: b: c',
    'x',
    '5',
    '{{{',
    '\0',
    'a: &a [*a]',
    '%YAML 9\n---\n',
    '? [a]\n: b',
    'limits: &x\n  limits: *x',
    'a: 1\na: 2',
  ])
    assert.ok(read(text).problems.length > 0, JSON.stringify(text))
  assert.deepEqual(read('').value, {})
  assert.deepEqual(read('# nothing\n').value, {})
})

test('an alias of nothing is told', () => {
  assert.match(read('a: *none\n').problems.join(), /alias.*none/iu)
})

test('a bomb of aliases is not set off', () => {
  const bomb = ['a: &a [x,x,x,x,x,x,x,x,x]']
  for (let at = 1; at < 9; at += 1)
    bomb.push(
      `b${at}: &b${at} [${Array.from({ length: 9 }, () => (at === 1 ? '*a' : `*b${at - 1}`)).join(',')}]`,
    )
  assert.ok(read(bomb.join('\n')).problems.length > 0)
})

function webhookAt(url: string): string {
  return `webhooks:\n  - { url: "${url}" }\n`
}
