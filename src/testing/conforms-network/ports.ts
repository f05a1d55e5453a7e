import assert from 'node:assert/strict'
import { bytesOf, fails, readExactly, turns, type DeafCase, type NetworkCase } from './case.ts'

const timeoutMs = 10_000

export const portCases: readonly NetworkCase[] = [
  {
    name: 'both ends of a connection know both addresses',
    async run(scene) {
      const { port, next } = await scene.listen()
      assert.equal(port.local.address, scene.host)
      assert.ok(port.local.port > 0)
      const near = await scene.connect(port.local)
      const far = await next()
      assert.deepEqual({ ...near.remote }, { ...port.local })
      assert.deepEqual({ ...far.local }, { ...port.local })
      assert.deepEqual({ ...far.remote }, { ...near.local })
      assert.ok(near.local.port > 0)
      assert.notEqual(near.local.port, port.local.port)
    },
  },
  {
    name: 'the addresses are still known when the connection is over',
    async run(scene) {
      const [near, far] = await scene.link()
      const before = structuredClone([near.local, near.remote, far.local, far.remote])
      near.destroy()
      assert.equal(await far.read(), undefined)
      far.destroy()
      await turns(10)
      assert.deepEqual(structuredClone([near.local, near.remote, far.local, far.remote]), before)
    },
  },
  {
    name: 'free ports differ, and a port that was asked for is the one that is taken',
    async run(scene) {
      const first = await scene.listen()
      const second = await scene.listen()
      assert.notEqual(first.port.local.port, second.port.local.port)
      const wanted = first.port.local.port
      await first.port.close()
      assert.equal((await scene.listen({ port: wanted })).port.local.port, wanted)
    },
  },
  {
    name: 'a taken port is in-use, and stays with who has it',
    async run(scene) {
      const { port, next } = await scene.listen()
      await fails('in-use', scene.listen({ port: port.local.port }))
      const near = await scene.connect(port.local)
      await (await next()).write(bytesOf('hello'))
      assert.equal((await readExactly(near, 5)).toString(), 'hello')
    },
  },
  {
    name: 'where nobody listens a connection is refused',
    async run(scene) {
      const { port } = await scene.listen()
      await port.close()
      await fails('refused', scene.connect(port.local))
    },
  },
  {
    name: 'many connections to one port are each their own',
    async run(scene) {
      const { port, next } = await scene.listen()
      const near = await Promise.all(Array.from({ length: 50 }, () => scene.connect(port.local)))
      for (const conn of near) await conn.write(bytesOf(String(conn.local.port).padStart(5, '0')))
      for (let count = 0; count < near.length; count += 1) {
        const far = await next()
        assert.equal(Number((await readExactly(far, 5)).toString()), far.remote.port)
      }
    },
  },
  {
    name: 'a closed port takes no new connections, leaves the open ones alone and may be closed again',
    async run(scene) {
      const listening = await scene.listen()
      const { port } = listening
      const near = await scene.connect(port.local)
      const far = await listening.next()
      await port.close()
      await port.close()
      await fails('refused', scene.connect(port.local))
      assert.equal(listening.waiting, 0)
      await near.write(bytesOf('there'))
      assert.equal((await readExactly(far, 5)).toString(), 'there')
      await far.write(bytesOf('back'))
      assert.equal((await readExactly(near, 4)).toString(), 'back')
      assert.equal((await scene.listen({ port: port.local.port })).port.local.port, port.local.port)
    },
  },
  {
    name: 'the local address and the local port are those that were asked for',
    async run(scene) {
      const { port: free } = await scene.listen()
      const localPort = free.local.port
      await free.close()
      const { port, next } = await scene.listen()
      const near = await scene.connect(port.local, { localAddress: scene.host, localPort })
      assert.deepEqual({ ...near.local }, { address: scene.host, port: localPort })
      assert.deepEqual({ ...(await next()).remote }, { address: scene.host, port: localPort })
    },
  },
  {
    name: 'who gave up before connecting does not connect',
    async run(scene) {
      const listening = await scene.listen()
      const { address: host, port } = listening.port.local
      const signal = AbortSignal.abort(new Error('enough'))
      await fails('aborted', scene.network.connect({ host, port, timeoutMs, signal }))
      await turns(10)
      assert.equal(listening.waiting, 0)
    },
  },
  {
    name: 'who gives up while connecting has no connection',
    async run(scene) {
      const { port, next } = await scene.listen()
      const { address: host, port: number } = port.local
      const stop = new AbortController()
      const connecting = scene.network.connect({ host, port: number, timeoutMs, signal: stop.signal })
      stop.abort()
      await fails('aborted', connecting)
      // What may have come of it is over, and stands in nobody's way.
      const near = await scene.connect(port.local)
      for (let far = await next(); far.remote.port !== near.local.port; far = await next());
    },
  },
  {
    name: 'a signal says nothing to a connection that stands',
    async run(scene) {
      const { port, next } = await scene.listen()
      const { address: host, port: number } = port.local
      const stop = new AbortController()
      const near = await scene.network.connect({ host, port: number, timeoutMs, signal: stop.signal })
      const far = await next()
      stop.abort()
      await turns(10)
      await near.write(bytesOf('still here'))
      assert.equal((await readExactly(far, 10)).toString(), 'still here')
      near.destroy()
    },
  },
  {
    name: 'an address looked up is itself',
    async run(scene) {
      assert.deepEqual(await scene.network.lookup(scene.host), [scene.host])
      assert.deepEqual(await scene.network.lookup('::ffff:192.0.2.1'), ['192.0.2.1'])
    },
  },
]

export const deafCases: readonly DeafCase[] = [
  {
    name: 'a connection that nobody answers times out',
    async run(scene, { address: host, port }) {
      await fails('timeout', scene.network.connect({ host, port, timeoutMs: 50 }))
    },
  },
  {
    name: 'who waits for an answer can give up',
    async run(scene, { address: host, port }) {
      const stop = new AbortController()
      const connecting = scene.network.connect({ host, port, timeoutMs: 60_000, signal: stop.signal })
      setImmediate(() => stop.abort())
      await fails('aborted', connecting)
    },
  },
]
