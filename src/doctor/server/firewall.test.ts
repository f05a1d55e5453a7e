import assert from 'node:assert/strict'
import { test } from 'node:test'
import { readFirewall } from './firewall.ts'

function ruleset(policy: string, ...exprs: readonly (readonly object[])[]): string {
  const chain = { family: 'inet', table: 'filter', name: 'input', type: 'filter', hook: 'input', policy }
  const rules = exprs.map((expr) => ({ rule: { family: 'inet', table: 'filter', chain: 'input', expr } }))
  return JSON.stringify({ nftables: [{ metainfo: {} }, { chain }, ...rules] })
}

const dport = (right: unknown): object => ({
  match: { op: '==', left: { payload: { protocol: 'tcp', field: 'dport' } }, right },
})
const established = {
  match: { op: 'in', left: { ct: { key: 'state' } }, right: ['established', 'related'] },
}

test('a port alone, a range and a set let in; everything else falls to the policy', () => {
  const text = ruleset(
    'drop',
    [established, { accept: null }],
    [dport(21), { accept: null }],
    [dport({ set: [22, { range: [50_000, 50_100] }] }), { accept: null }],
  )
  const firewall = readFirewall(text)
  assert.equal(firewall?.verdict('tcp', 21), 'lets in')
  assert.equal(firewall?.verdict('tcp', 22), 'lets in')
  assert.equal(firewall?.verdict('tcp', 50_050), 'lets in')
  assert.equal(firewall?.verdict('tcp', 50_101), 'drops')
  assert.equal(firewall?.verdict('udp', 21), 'drops')
})

test('one rule that drops or rejects is enough, and no rules let all in', () => {
  assert.equal(readFirewall(ruleset('accept', [dport(21), { drop: null }]))?.verdict('tcp', 21), 'drops')
  assert.equal(readFirewall(ruleset('accept', [dport(21), { reject: {} }]))?.verdict('tcp', 21), 'drops')
  assert.equal(readFirewall('{"nftables":[]}')?.verdict('tcp', 21), 'lets in')
})

test('what is no ruleset is not guessed about', () => {
  for (const text of ['', 'no', '[]', '{}', '{"nftables":{}}']) assert.equal(readFirewall(text), undefined)
})

test('a helper for FTP is seen', () => {
  const text = '{"nftables":[{"ct helper":{"name":"h","type":"ftp","protocol":"tcp"}}]}'
  assert.equal(readFirewall(text)?.ftpHelper, true)
})
