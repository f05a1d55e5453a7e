import { renameSync } from 'node:fs'
import { join } from 'node:path'
import { swapped } from './world.ts'

/*
 * Runs as a process of its own, with the root as its argument: gives each swapped name to what belongs there and to a
 * link that leads outside, in turn, as fast as it can, until whoever started it lets go.
 */
const root = process.argv[2] ?? ''
let wanted = true
process.once('disconnect', () => {
  wanted = false
})
process.send?.('ready')
swapForAWhile()

function swapForAWhile(): void {
  for (let round = 0; round < 100; round += 1) for (const name of swapped) swap(join(root, name), round % 8)
  if (wanted) setImmediate(swapForAWhile)
}

function swap(path: string, pause: number): void {
  renameSync(path, `${path}.real`)
  renameSync(`${path}.link`, path)
  for (let turns = pause * 2000; turns > 0; turns -= 1) if (!wanted) break
  renameSync(path, `${path}.link`)
  renameSync(`${path}.real`, path)
  for (let turns = pause * 2000; turns > 0; turns -= 1) if (!wanted) break
}
