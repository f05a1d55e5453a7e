import { diskStore } from '../../src/stores/disk.ts'
import { race } from './race.ts'

/* Runs the race on this machine: `node test/race/main.ts 30` for half a minute. */
const seconds = Number(process.argv[2] ?? '30')
const { done, refused, escapes } = await race(seconds, (root) => diskStore(root))
process.stdout.write(
  `${seconds} s: ${done + refused} tries, ${done} done, ${refused} refused, ${escapes} escapes\n`,
)
if (escapes > 0) process.exitCode = 1
