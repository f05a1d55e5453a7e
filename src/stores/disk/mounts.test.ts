import assert from 'node:assert/strict'
import { test } from 'node:test'
import { areMountsQuick } from './mounts.ts'

const line = (point: string, type: string): string =>
  `36 35 98:0 / ${point} rw,noatime master:1 - ${type} source rw`
const machine = [
  line('/', 'ext4'),
  line('/proc', 'proc'),
  line('/srv/shared', 'nfs4'),
  line('/srv/shared/here', 'xfs'),
  line('/home', 'fuse.sshfs'),
  line('/home', 'btrfs'),
  line('/odd\\040name', 'cifs'),
].join('\n')

test('a directory on a disk of the machine is quick', () => {
  assert.equal(areMountsQuick(machine, '/srv/files'), true)
  assert.equal(areMountsQuick(machine, '/srv/shared/here/below'), true)
  assert.equal(areMountsQuick(machine, '/srv/sharedness'), true)
})

test('a directory on a server is not, nor one with a server mounted below it', () => {
  assert.equal(areMountsQuick(machine, '/srv/shared'), false)
  assert.equal(areMountsQuick(machine, '/srv/shared/there'), false)
  assert.equal(areMountsQuick(machine, '/srv'), false)
  assert.equal(areMountsQuick(machine, '/'), false)
  assert.equal(areMountsQuick(machine, '/odd name/below'), false)
})

test('of two mounts on one place the later one counts', () => {
  assert.equal(
    areMountsQuick(`${line('/', 'ext4')}\n${line('/a', 'nfs')}\n${line('/a', 'ext4')}`, '/a/b'),
    true,
  )
  assert.equal(
    areMountsQuick(`${line('/', 'ext4')}\n${line('/a', 'ext4')}\n${line('/a', 'nfs')}`, '/a/b'),
    false,
  )
})

test('a kind of disk that is not known is not quick, nor is a table that says nothing', () => {
  assert.equal(areMountsQuick(line('/', 'fuseblk'), '/x'), false)
  assert.equal(areMountsQuick('', '/x'), false)
  assert.equal(areMountsQuick('nonsense\n1 2 - 3', '/x'), false)
})
