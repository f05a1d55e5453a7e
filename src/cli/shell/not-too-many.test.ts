import assert from 'node:assert/strict'
import { test } from 'node:test'
import { notTooMany } from './not-too-many.ts'

const names = Array.from({ length: 300 }, (_, index) => `long/file-${index} `)

test('more names than a terminal shows are not listed: what they share is filled in, then their number is told', () => {
  const told: string[] = []
  const tell = (line: string): void => void told.push(line)
  assert.deepEqual(notTooMany([names, 'long/'], tell), [['long/file-'], 'long/'])
  assert.deepEqual(told, [])
  assert.deepEqual(notTooMany([names, 'long/file-'], tell), [[], 'long/file-'])
  assert.match(told.join(''), /^300 names fit/u)
  assert.deepEqual(notTooMany([names.slice(0, 9), 'long/file-'], tell), [names.slice(0, 9), 'long/file-'])
})
