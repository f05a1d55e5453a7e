import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Peer } from '../core/network.ts'
import { datagramsMostlyWith } from './mostly-with.ts'
import { datagrams } from './udp.ts'

const host = '127.0.0.1'
const skip = process.platform === 'linux' ? false : 'other systems do not prefer the connected socket'

/** A socket that says something, and waits for the answer. */
async function speaker() {
  let came: ((answer: string) => void) | undefined
  const place = await datagrams({ host, port: 0 }, (bytes) => came?.(Buffer.from(bytes).toString()))
  const say = (text: string, to: Peer) =>
    new Promise<string>((answer) => {
      came = answer
      place.send(Buffer.from(text), to)
    })
  return { place, say }
}

test(
  'the peer and strangers are heard and answered from the one port, early and late',
  { skip },
  async () => {
    const peer = await speaker()
    const stranger = await speaker()
    const place = await datagramsMostlyWith({ host, mostlyWith: peer.place.local }, (bytes, from) =>
      place.send(Buffer.from(`${Buffer.from(bytes).toString()} from ${from.port}`), from),
    )
    for (let turn = 0; turn < 200; turn += 1) {
      assert.equal(await peer.say(`p${turn}`, place.local), `p${turn} from ${peer.place.local.port}`)
      assert.equal(await stranger.say(`s${turn}`, place.local), `s${turn} from ${stranger.place.local.port}`)
    }
    await Promise.all([place.close(), peer.place.close(), stranger.place.close()])
  },
)

test(
  'no two of many have one port, and a port is free once both its sockets are closed',
  { skip },
  async () => {
    const peer = await speaker()
    const open = () => datagramsMostlyWith({ host, mostlyWith: peer.place.local }, () => undefined)
    const places = await Promise.all(Array.from({ length: 300 }, open))
    assert.equal(new Set(places.map(({ local }) => local.port)).size, 300)
    const [first] = places
    assert.ok(first)
    await Promise.all([...places, peer.place].map((place) => place.close()))
    await (await datagrams({ host, port: first.local.port }, () => undefined)).close()
  },
)

test('it may be closed while its second socket is being opened', { skip }, async () => {
  const peer = await speaker()
  const place = await datagramsMostlyWith({ host, mostlyWith: peer.place.local }, (_, from) =>
    place.send(Buffer.from('heard'), from),
  )
  const { local } = place
  // The answer to the 32nd comes while the second socket is on its way.
  for (let turn = 0; turn < 32; turn += 1) await peer.say('so', local)
  await Promise.all([place.close(), peer.place.close()])
  await (await datagrams({ host, port: local.port }, () => undefined)).close()
})

test(
  'a peer that has gone is sent to in vain, and strangers are answered all the same',
  { skip },
  async () => {
    const peer = await speaker()
    const stranger = await speaker()
    const place = await datagramsMostlyWith({ host, mostlyWith: peer.place.local }, (_, from) =>
      place.send(Buffer.from('heard'), from),
    )
    for (let turn = 0; turn < 100; turn += 1) await peer.say('so', place.local)
    await peer.place.close()
    // The system of a closed port says so, and a connected socket hears it.
    for (let turn = 0; turn < 10; turn += 1) {
      place.send(Buffer.from('still there?'), peer.place.local)
      assert.equal(await stranger.say('hello', place.local), 'heard')
    }
    await Promise.all([place.close(), stranger.place.close()])
  },
)
