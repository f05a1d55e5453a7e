import assert from 'node:assert/strict'
import { test } from 'node:test'
import { parsePath } from '../../core/path.ts'
import { settle } from '../../testing/fake-clock.ts'
import { tftpWorld } from '../../testing/tftp-world.ts'
import { parseRemap } from './remap.ts'

/** The rules that come with tftpd-hpa as an example. */
const sample = `
# Sample rule file for the -m (remapping option)
#
ri	^[a-z]:				# Remove "drive letters"
rg	\\\\		/		# Convert backslashes to slashes
rg	\\#		@		# Convert hash marks to @ signs
rg	/../		/..no../	# Convert /../ to /..no../
e	^ok/				# These are always ok
r	^[^/]		/tftpboot/\\0	# Convert non-absolute files
a	\\.pvt$				# Reject requests for private files
`

function named(
  rules: string,
  name: string,
  more: { deed?: 'read' | 'write'; address?: string } = {},
): string {
  return parseRemap(rules)({ name, deed: 'read', address: '192.0.2.169', ...more })
}

test("tftpd-hpa's own example does what its comments say", () => {
  assert.equal(named(sample, 'C:\\boot\\x'), '/boot/x')
  assert.equal(named(sample, 'a#b'), '/tftpboot/a@b')
  assert.equal(named(sample, 'ok/x.pvt'), 'ok/x.pvt')
  assert.equal(named(sample, 'file'), '/tftpboot/file')
  assert.throws(() => named(sample, 'file.pvt'), { fault: 'denied' })
})

test('rules are for reads or writes, for a family, for names that do not match, and may begin anew', () => {
  const rules = 'rG ^ get-\nrP ^ put-\nr4 $ .four\nr6 $ .six\nra~ x'
  assert.throws(() => parseRemap(rules), /line 5 .*r and ~/)
  const good = rules.replace('ra~ x', 'a~ ^(get|put)- no\\ way')
  assert.equal(named(good, 'f'), 'get-f.four')
  assert.equal(named(good, 'f', { deed: 'write', address: '2001:db8::1' }), 'put-f.six')
  assert.throws(() => named('a~ ^x no\\ way', 'f'), { message: 'no way' })
  assert.equal(named('rs ^aa b\nr b c', 'aaaaf'), 'caaf')
  assert.equal(named('r ^a b\nre ^b c\nr ^c d', 'a'), 'c')
})

test('what is written in place knows groups, addresses and letters', () => {
  assert.equal(named('r ^(.)(.) \\2\\1\\\\\\#', 'ab'), 'ba\\#')
  assert.equal(named('r ^f$ \\i/\\x', 'f'), '192.0.2.169/C00002A9')
  assert.equal(named('r ^f$ \\x', 'f', { address: '2001:db8::1%eth0' }), '20010DB8000000000000000000000001')
  assert.equal(named('r ^(.*)$ \\U\\1\\E-\\L\\1', 'aB'), 'AB-ab')
})

test('expressions are those of egrep: brackets with classes, backslashes in them, words', () => {
  assert.equal(named('rg [[:upper:]\\] x', 'aB\\c'), 'axxc')
  assert.equal(named('r []x] y', 'a]'), 'ay')
  assert.equal(named('r \\<cat\\> dog', 'a cat'), 'a dog')
})

test('rules that go round in circles end, and what is no rule is told with its line', () => {
  assert.throws(() => named('rg a a', 'a'), { fault: 'failed' })
  assert.throws(() => named('rg a aa', 'a'), { fault: 'failed' })
  assert.throws(() => named('s a', 'a'), { fault: 'failed' })
  assert.throws(() => parseRemap('\nq x y'), /line 2 .*"q"/)
  assert.throws(() => parseRemap('r'), /line 1 .*no expression/)
  assert.throws(() => parseRemap('r ( x'), /line 1 .*cannot be read/)
})

test('the server asks the rules before it looks for the file', async () => {
  await using world = await tftpWorld({ remap: parseRemap('r ^old/ new/\na secret not\\ this') })
  await world.home.mkdir(parsePath('/new'))
  await world.put('/new/f', Buffer.from('here'))
  const talk = await world.client()
  const [heard] = await talk.ask('read', 'old/f')
  assert.equal(heard?.packet.kind === 'data' && Buffer.from(heard.packet.bytes).toString(), 'here')
  const other = await world.client()
  const asked = await other.ask('read', 'secret')
  await settle()
  assert.deepEqual(asked[0]?.packet, { kind: 'error', code: 2, text: 'not this' })
})
