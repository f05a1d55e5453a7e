import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { ListedTime } from './listed.ts'
import { zoneOffset } from './zone-offset.ts'

function listed(text: string, precision: ListedTime['precision'] = 'minute'): ListedTime {
  return { ms: Date.parse(`${text}Z`), precision, zone: 'server' }
}

const hour = 3_600_000

test('the offset is what MDTM tells beyond LIST, to the quarter hour', () => {
  assert.equal(
    zoneOffset([{ listed: listed('2026-01-02T10:20'), exact: new Date('2026-01-02T09:20:59Z') }]),
    -hour,
  )
  assert.equal(
    zoneOffset([{ listed: listed('2026-01-02T10:20'), exact: new Date('2026-01-02T04:35:01Z') }]),
    -5.75 * hour,
  )
  assert.equal(
    zoneOffset([{ listed: listed('2026-01-01T22:20'), exact: new Date('2026-01-02T06:20:01Z') }]),
    8 * hour,
  )
  assert.equal(
    zoneOffset([{ listed: listed('2026-01-01T22:20'), exact: new Date('2026-01-01T22:20:01Z') }]),
    0,
  )
})

test('pairs that disagree, or tell too little, give none', () => {
  const exact = new Date('2026-01-02T09:20:00Z')
  const one = { listed: listed('2026-01-02T10:20'), exact }
  assert.equal(zoneOffset([one, { listed: listed('2026-01-02T11:20'), exact }]), undefined)
  assert.equal(zoneOffset([one, { listed: listed('2026-01-02T00:00', 'day'), exact }]), -hour)
  assert.equal(zoneOffset([{ listed: listed('2026-01-02T10:27'), exact }]), undefined)
  assert.equal(zoneOffset([{ listed: listed('2025-01-02T10:20'), exact }]), undefined)
  assert.equal(zoneOffset([{ listed: { ...listed('2026-01-02T10:20'), zone: 'utc' }, exact }]), undefined)
  assert.equal(zoneOffset([]), undefined)
})
