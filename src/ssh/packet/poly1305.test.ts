import assert from 'node:assert/strict'
import { test } from 'node:test'
import { poly1305 } from './poly1305.ts'

const hex = (text: string): Uint8Array => Buffer.from(text.replaceAll(' ', ''), 'hex')
const nothing = new Uint8Array(0)

function tag(key: string, message: Uint8Array): string {
  return Buffer.from(poly1305(hex(key), message, nothing)).toString('hex')
}

test('RFC 8439 Poly1305: the example of section 2.5.2, however it is cut', () => {
  const key = '85d6be7857556d337f4452fe42d506a80103808afb0db2fd4abff6af4149f51b'
  const message = Buffer.from('Cryptographic Forum Research Group')
  for (let cut = 0; cut <= message.length; cut += 1) {
    const made = poly1305(hex(key), message.subarray(0, cut), message.subarray(cut))
    assert.equal(Buffer.from(made).toString('hex'), 'a8061dc1305136c6c22b8baf0c0127a9')
  }
})

test('RFC 8439 Poly1305: the vectors of appendix A.3 that lie at the edges of the modulus', () => {
  const two = `02${'00'.repeat(31)}`
  assert.equal(tag(two, hex('ff'.repeat(16))), `03${'00'.repeat(15)}`)
  assert.equal(
    tag(`02${'00'.repeat(15)}${'ff'.repeat(16)}`, hex(`02${'00'.repeat(15)}`)),
    `03${'00'.repeat(15)}`,
  )
  const one = `01${'00'.repeat(31)}`
  assert.equal(
    tag(one, hex(`${'ff'.repeat(16)}f0${'ff'.repeat(15)}11${'00'.repeat(15)}`)),
    `05${'00'.repeat(15)}`,
  )
  assert.equal(tag(one, hex(`${'ff'.repeat(16)}fb${'fe'.repeat(15)}${'01'.repeat(16)}`)), '00'.repeat(16))
  assert.equal(tag(two, hex(`fd${'ff'.repeat(15)}`)), `fa${'ff'.repeat(15)}`)
})

test('a message longer than any packet is refused', () => {
  assert.throws(() => poly1305(new Uint8Array(32), new Uint8Array(300_000), nothing), /too long/)
})
