import assert from 'node:assert/strict'
import { test } from 'node:test'
import { choose } from './choice.ts'

void test('a pattern without a slash is about names, wherever they are', () => {
  const chosen = choose([], ['*.bak', 'node_modules'])
  assert.equal(chosen('a/b/x.bak', false), false)
  assert.equal(chosen('a/.x.bak', false), false)
  assert.equal(chosen('a/node_modules', true), false)
  assert.equal(chosen('a/x.txt', false), true)
})

void test('a pattern with a slash is about the whole path, and ** stands for any directories', () => {
  const chosen = choose([], ['/top.txt', 'a/**/*.map', 'logs/**'])
  assert.equal(chosen('top.txt', false), false)
  assert.equal(chosen('deep/top.txt', false), true)
  assert.equal(chosen('a/x.map', false), false)
  assert.equal(chosen('a/b/c/x.map', false), false)
  assert.equal(chosen('b/x.map', false), true)
  assert.equal(chosen('logs/1/2', false), false)
})

void test('a pattern that ends in a slash is about directories alone', () => {
  const chosen = choose([], ['tmp/'])
  assert.equal(chosen('tmp', true), false)
  assert.equal(chosen('tmp', false), true)
})

void test('what is included are files; directories are gone through to find them', () => {
  const chosen = choose(['*.jpg'], ['private'])
  assert.equal(chosen('a', true), true)
  assert.equal(chosen('a/x.jpg', false), true)
  assert.equal(chosen('a/x.png', false), false)
  assert.equal(chosen('private', true), false)
})
