import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Path } from '../../../core/path.ts'
import type { Change } from '../../../core/store.ts'
import { PassingStore } from '../../../policy/passing.ts'
import { memoryStore } from '../../../stores/memory.ts'
import { ftpWorld } from '../../../testing/ftp-world.ts'

test('RFC 3659 SIZE: tells the bytes of a RETR, in the type that is set', async () => {
  await using world = await ftpWorld()
  await world.put('/a', 'one\ntwo\r\nthree\n')
  const talk = await world.login()
  assert.equal(await talk.say('SIZE a'), '213 15')
  await talk.say('TYPE A')
  const { data } = await talk.fetch('RETR a')
  assert.equal(await talk.say('SIZE a'), `213 ${data.length}`)
  assert.match(await talk.say('SIZE /'), /^550 /)
  assert.match(await talk.say('SIZE missing'), /^550 /)
})

test('RFC 3659 MDTM: tells the time of the last change in UTC', async () => {
  await using world = await ftpWorld()
  await world.put('/a', 'x')
  const talk = await world.login()
  await talk.say('MFMT 20241231235959 a')
  assert.equal(await talk.say('MDTM a'), '213 20241231235959')
  assert.match(await talk.say('MDTM missing'), /^550 /)
})

test('other MDTM: with a time before the path it sets it', async () => {
  await using world = await ftpWorld()
  await world.put('/a b', 'x')
  const talk = await world.login()
  assert.match(await talk.say('MDTM 20200229120000 a b'), /^213 /)
  assert.equal(await talk.say('MDTM a b'), '213 20200229120000')
})

test('draft-somers-ftp-mfxx MFMT: sets the time of the last change, and refuses days that are none', async () => {
  await using world = await ftpWorld()
  await world.put('/a b', 'x')
  const talk = await world.login()
  assert.equal(await talk.say('MFMT 20240229010203 a b'), '213 Modify=20240229010203; a b')
  assert.match(await talk.say('MFMT 20230229010203 a b'), /^501 /)
  assert.match(await talk.say('MFMT a b'), /^501 /)
  assert.match(await talk.say('MFMT 20240229010203 missing'), /^550 /)
})

/** As ext4 does: what lies behind the last time that it can keep becomes that. */
class ShortLived extends PassingStore {
  override change(path: Path, to: Change): Promise<void> {
    const last = new Date('2446-05-10T22:38:55Z')
    return this.inner.change(path, to.modified !== undefined && to.modified > last ? { modified: last } : to)
  }
}

test('draft-somers-ftp-mfxx MFMT: a time that the disk cannot keep is not said to be kept', async () => {
  await using world = await ftpWorld({ home: new ShortLived(memoryStore()) })
  await world.put('/a', 'x')
  const talk = await world.login()
  for (const command of ['MFMT 99991231235959 a', 'MDTM 99991231235959 a', 'SITE UTIME 99991231235959 a'])
    assert.equal(await talk.say(command), '550 That time cannot be kept here, it is 24460510223855 now.')
  assert.equal(await talk.say('MFMT 24000101000000 a'), '213 Modify=24000101000000; a')
})

test('draft-somers-ftp-mfxx MFCT: sets the time of creation where files have one', async () => {
  await using world = await ftpWorld()
  await world.put('/a', 'x')
  const talk = await world.login()
  const answer = await talk.say('MFCT 20240229010203 a')
  if (world.home.features.has('creation-times')) assert.match(answer, /^213 Create=20240229010203; a$/)
  else assert.match(answer, /^504 /)
})

test('draft-somers-ftp-mfxx MFF: sets several facts at once', async () => {
  await using world = await ftpWorld()
  await world.put('/a', 'x')
  const talk = await world.login()
  assert.match(
    await talk.say('MFF Modify=20240229010203;UNIX.mode=0600; a'),
    /^213 Modify=20240229010203;UNIX.mode=0600; a$/,
  )
  assert.match(await talk.say('MLST a'), /Modify=20240229010203;.*UNIX\.mode=0600;/)
  assert.match(await talk.say('MFF UNIX.mode=99; a'), /^501 /)
  assert.match(await talk.say('MFF Colour=red; a'), /^504 /)
  assert.match(await talk.say('MFF a'), /^501 /)
})

test('ncftp leaves out the last semicolon of MFF', async () => {
  await using world = await ftpWorld()
  await world.put('/two words; a', 'x')
  const talk = await world.login()
  const said = 'Modify=20240229010203;UNIX.mode=0600'
  assert.equal(await talk.say(`MFF ${said} two words; a`), `213 ${said}; two words; a`)
  assert.match(await talk.say('MLST two words; a'), /Modify=20240229010203;.*UNIX\.mode=0600;/)
})

test('draft-peterson-streamlined-ftp-command-extensions AVBL: tells the room there is', async () => {
  await using world = await ftpWorld()
  const talk = await world.login()
  const answer = await talk.say('AVBL')
  if (world.home.features.has('space')) assert.match(answer, /^213 \d+$/)
  else assert.match(answer, /^504 /)
})

test('other DSIZ: counts the bytes below a directory', async () => {
  await using world = await ftpWorld()
  const talk = await world.login()
  await talk.say('MKD d')
  await world.put('/d/a', '12345')
  await world.put('/b', '123')
  assert.equal(await talk.say('DSIZ'), '213 8')
  assert.equal(await talk.say('DSIZ d'), '213 5')
  assert.match(await talk.say('DSIZ missing'), /^550 /)
})
