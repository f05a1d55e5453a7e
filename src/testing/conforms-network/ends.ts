import assert from 'node:assert/strict'
import { NetworkError } from '../../core/error.ts'
import {
  breaks,
  bytesOf,
  fails,
  pour,
  readExactly,
  readToCut,
  readToEnd,
  stoodStill,
  turns,
  type NetworkCase,
} from './case.ts'

/** More than any network takes of what nobody reads. */
const tooMuch = 64 * 1024 * 1024

/** The end of one direction, which leaves the other alone. */
export const endCases: readonly NetworkCase[] = [
  {
    name: 'after the end of one direction the other goes on, whoever was first',
    async run(scene) {
      for (const turned of [false, true]) {
        const ends = await scene.link()
        const [first, second] = turned ? ends.toReversed() : ends
        assert.ok(first !== undefined && second !== undefined)
        await first.write(bytesOf('the request'))
        await first.end()
        assert.equal((await readToEnd(second)).toString(), 'the request')
        await turns(10)
        await second.write(bytesOf('the answer'))
        await second.end()
        assert.equal((await readToEnd(first)).toString(), 'the answer')
      }
    },
  },
  {
    name: 'behind the end there is the end, as often as one reads, also when both directions have ended',
    async run(scene) {
      const [near, far] = await scene.link()
      await near.end()
      for (let count = 0; count < 3; count += 1) assert.equal(await far.read(), undefined)
      await far.end()
      for (let count = 0; count < 3; count += 1) {
        assert.equal(await near.read(), undefined)
        assert.equal(await far.read(), undefined)
        await turns(10)
      }
    },
  },
  {
    name: 'a read that waits hears the end',
    async run(scene) {
      const [near, far] = await scene.link()
      const reading = far.read()
      await turns(10)
      await near.end()
      assert.equal(await reading, undefined)
    },
  },
  {
    name: 'behind the end nothing can be written, and to say it again says nothing new',
    async run(scene) {
      const [near, far] = await scene.link()
      await near.end()
      await fails('closed', near.write(bytesOf('more')))
      await near.end()
      assert.equal(await far.read(), undefined)
      await far.write(bytesOf('still open'))
      assert.equal((await readExactly(near, 10)).toString(), 'still open')
    },
  },
  {
    name: 'the end waits its turn behind what is being written',
    async run(scene) {
      const [near, far] = await scene.link()
      const bytes = new Uint8Array(scene.bulk).fill(5)
      const writing = Promise.all([near.write(bytes), near.end()])
      assert.equal((await readToEnd(far)).length, bytes.length)
      await writing
    },
  },
]

/** The end of both directions at once: in good order, or as a cut. */
export const cutCases: readonly NetworkCase[] = [
  {
    name: 'who leaves without a reason is seen to end, by one who waits and by one who comes later',
    async run(scene) {
      const [near, far] = await scene.link()
      const reading = far.read()
      near.destroy()
      assert.equal(await reading, undefined)
      assert.equal(await far.read(), undefined)
      const [other, late] = await scene.link()
      await other.write(bytesOf('bye'))
      other.destroy()
      await turns(10)
      assert.equal((await readToEnd(late)).toString(), 'bye')
    },
  },
  {
    name: 'who leaves with a reason is seen to cut, by one who waits and by one who comes later',
    async run(scene) {
      const [near, far] = await scene.link()
      const reading = far.read()
      near.destroy(new Error('half a file'))
      await fails('reset', reading)
      await breaks(far.read())
      const [other, late] = await scene.link()
      other.destroy(new Error('half a file'))
      await turns(10)
      await fails('reset', late.read())
    },
  },
  {
    name: 'half of what was to come, then a cut: never an end',
    async run(scene) {
      const [near, far] = await scene.link()
      await near.write(new Uint8Array(scene.bulk / 64).fill(1))
      near.destroy(new Error('the disk failed'))
      assert.ok((await readToCut(far)) <= scene.bulk / 64)
    },
  },
  {
    name: 'a cut while much waits to be written: never an end',
    async run(scene) {
      const [near, far] = await scene.link()
      const poured = pour(near, tooMuch)
      await stoodStill(() => poured.written)
      near.destroy(new Error('aborted'))
      assert.ok((await poured.over) instanceof NetworkError)
      await readToCut(far)
    },
  },
  {
    name: 'a cut while the end waits behind what nobody reads: never an end',
    async run(scene) {
      const [near, far] = await scene.link()
      const poured = pour(near, tooMuch)
      await stoodStill(() => poured.written)
      const ending = near.end()
      await turns(10)
      near.destroy(new Error('aborted'))
      await breaks(ending)
      await poured.over
      await readToCut(far)
    },
  },
  {
    name: 'a cut just behind the end is an end or a cut, and over',
    async run(scene) {
      const [near, far] = await scene.link()
      await near.write(bytesOf('all of it'))
      const ending = near.end().catch((thrown: unknown) => thrown)
      near.destroy(new Error('too late'))
      await ending
      const seen = await readToEnd(far).catch((thrown: unknown) => thrown)
      if (seen instanceof Buffer) assert.equal(seen.toString(), 'all of it')
      else assert.ok(seen instanceof NetworkError && seen.fault === 'reset', String(seen))
    },
  },
  {
    name: 'an end that was said is not unsaid by a cut',
    async run(scene) {
      const [near, far] = await scene.link()
      await near.write(bytesOf('all of it'))
      await near.end()
      assert.equal((await readToEnd(far)).toString(), 'all of it')
      near.destroy(new Error('too late'))
      await turns(10)
      assert.equal(await far.read(), undefined)
    },
  },
  {
    name: 'who leaves in good order and then with a reason has left in good order, and the other way round',
    async run(scene) {
      const [near, far] = await scene.link()
      near.destroy()
      near.destroy(new Error('too late'))
      assert.equal(await far.read(), undefined)
      const [other, cut] = await scene.link()
      other.destroy(new Error('first'))
      other.destroy()
      await turns(10)
      await fails('reset', cut.read())
    },
  },
  {
    name: 'what is under way at one’s own end rejects with the reason, and so does all that comes later',
    async run(scene) {
      for (const reason of [undefined, new Error('enough of it')]) {
        const [near, far] = await scene.link()
        await far.write(bytesOf('not read any more'))
        const poured = pour(near, tooMuch)
        await stoodStill(() => poured.written)
        await readExactly(near, 17)
        const reading = near.read()
        near.destroy(reason)
        await fails('aborted', reading)
        await assert.rejects(near.read(), { fault: 'aborted', ...(reason && { message: 'enough of it' }) })
        await fails('aborted', near.write(bytesOf('x')))
        await fails('aborted', near.end())
        const thrown = await poured.over
        assert.ok(thrown instanceof NetworkError)
        assert.equal(thrown.fault, 'aborted')
        assert.equal(thrown.cause, reason)
      }
    },
  },
  {
    name: 'what had come and was not read is gone with one’s own end',
    async run(scene) {
      const [near, far] = await scene.link()
      await far.write(bytesOf('first'))
      await readExactly(near, 5)
      await far.write(bytesOf('second'))
      await turns(10)
      near.destroy()
      await fails('aborted', near.read())
    },
  },
  {
    name: 'who writes to one that has left comes to know it',
    async run(scene) {
      for (const reason of [undefined, new Error('gone')]) {
        const [near, far] = await scene.link()
        far.destroy(reason)
        const thrown = await pour(near, tooMuch).over
        assert.ok(thrown instanceof NetworkError)
        assert.equal(thrown.fault, 'reset')
      }
    },
  },
  {
    name: 'who waits to write comes to know that the other has left without reading',
    async run(scene) {
      for (const reason of [undefined, new Error('gone')]) {
        const [near, far] = await scene.link()
        const poured = pour(near, tooMuch)
        await stoodStill(() => poured.written)
        far.destroy(reason)
        const thrown = await poured.over
        assert.ok(thrown instanceof NetworkError)
        assert.equal(thrown.fault, 'reset')
      }
    },
  },
]
