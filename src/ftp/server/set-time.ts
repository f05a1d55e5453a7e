import type { Path } from '../../core/path.ts'
import { formatTime } from '../wire/time.ts'
import type { LoggedIn } from './logged-in.ts'
import { Refused } from './refused.ts'

/** Every disk keeps times from here on, and before the other. */
const kept = { from: Date.UTC(1970), before: Date.UTC(2038) }

/** Sets the time of the last change. Where a disk keeps fewer years than can be said, it puts another time in its place and says nothing. */
export async function setTime({ files }: LoggedIn, path: Path, time: Date): Promise<void> {
  await files.change(path, { modified: time })
  const ms = time.getTime()
  if (ms >= kept.from && ms < kept.before) return
  const { modified } = await files.stat(path)
  if (formatTime(modified).slice(0, 14) === formatTime(time).slice(0, 14)) return
  throw new Refused(550, `That time cannot be kept here, it is ${formatTime(modified)} now.`)
}
