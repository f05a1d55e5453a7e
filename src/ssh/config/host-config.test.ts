import assert from 'node:assert/strict'
import { test } from 'node:test'
import { readHostConfig, type HostConfig, type HostQuery, type Include } from './host-config.ts'

const none: Include = async () => []

function read(text: string, query: Partial<HostQuery> = {}, include = none): Promise<HostConfig> {
  const whole = { host: 'files', user: undefined, port: undefined, localUser: 'me', localHome: '/home/me' }
  return readHostConfig({ ...whole, ...query }, [text], include)
}

test('without a word everything is usual', async () => {
  const config = await read('')
  assert.equal(config.hostName, 'files')
  assert.equal(config.keyName, 'files')
  assert.equal(config.port, undefined)
  assert.deepEqual(config.userKnownHosts, ['/home/me/.ssh/known_hosts', '/home/me/.ssh/known_hosts2'])
  assert.equal(config.strict, undefined)
})

test('the first value counts, and keys add up', async () => {
  const config = await read(`
    # a comment
    Host other
      Port 1
    Host fi* !file?x
      HostName=%h.example
      Port 2222 # the port
      User "anna b"
      IdentityFile ~/.ssh/one
    Host *
      Port 22
      User nobody
      IdentityFile %d/keys/%r@%h
      StrictHostKeyChecking accept-new
      IdentitiesOnly yes`)
  assert.equal(config.hostName, 'files.example')
  assert.equal(config.port, 2222)
  assert.equal(config.user, 'anna b')
  assert.deepEqual(config.identityFiles, ['/home/me/.ssh/one', '/home/me/keys/anna b@files.example'])
  assert.equal(config.strict, 'accept-new')
  assert.equal(config.identitiesOnly, true)
})

test('what was typed counts more than what is written', async () => {
  const config = await read('Port 2222\nUser anna', { user: 'bob', port: 22 })
  assert.equal(config.port, 22)
  assert.equal(config.user, 'bob')
})

test('Match: all its words must hold, by the name that is connected to, and no program is run', async () => {
  const text = `
    HostName real.example
    Match host real.* user anna
      Port 1
    Match originalhost files !user anna
      Port 2
    Match exec "touch /tmp/x"
      Port 3
    Match all
      Port 4`
  assert.equal((await read(text, { user: 'anna' })).port, 1)
  assert.equal((await read(text, { user: 'bob' })).port, 2)
  assert.equal((await read(text, { host: 'else', user: 'bob' })).port, 4)
})

test('Include takes files in where it stands, under its Host, and not for ever', async () => {
  const asked: string[] = []
  const include = async (pattern: string): Promise<string[]> => {
    asked.push(pattern)
    return pattern === 'self' ? ['Include self'] : ['Port 2222\nHost nobody\nUser anna', 'User bob']
  }
  const config = await read(
    'Host files\nInclude conf.d/*\nHostName real\nHost not\nInclude never',
    {},
    include,
  )
  assert.deepEqual(asked, ['conf.d/*'])
  assert.equal(config.port, 2222)
  assert.equal(config.user, 'bob')
  assert.equal(config.hostName, 'real')
  await read('Include self', {}, include)
  assert.ok(asked.length < 30)
})

test('a way through other hosts, an agent, and files of known hosts', async () => {
  const config = await read(`
    ProxyJump one@jump:2200,two
    IdentityAgent ~/agent
    UserKnownHostsFile /dev/null ~/mine
    HashKnownHosts yes
    HostKeyAlias alias`)
  assert.deepEqual(config.proxyJump, ['one@jump:2200', 'two'])
  assert.equal(config.identityAgent, '/home/me/agent')
  assert.deepEqual(config.userKnownHosts, ['/dev/null', '/home/me/mine'])
  assert.equal(config.hashKnownHosts, true)
  assert.equal(config.keyName, 'alias')
  assert.deepEqual((await read('ProxyJump none')).proxyJump, [])
  assert.equal((await read('IdentityAgent none')).identityAgent, 'none')
})
