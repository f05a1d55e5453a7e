import { systemClock } from '../../core/clock.ts'
import { counted } from '../../core/counted.ts'
import { isRemote, type End } from '../../client/end.ts'
import { isDiskFull } from '../../client/is-disk-full.ts'
import { isOfDisk } from '../../client/is-of-disk.ts'
import type { Action } from '../../client/plan.ts'
import { runPlan, type RunOptions } from '../../client/run-plan.ts'
import { begunAnewText, fullText, type Bringing } from './bring.ts'
import type { Checkpoint } from './checkpoint.ts'
import { wasInterrupted } from '../exit-status.ts'
import { formatBytes } from '../format-bytes.ts'
import { progressBar, type ProgressBar } from './progress-bar.ts'

/** Prints a plan and touches nothing. */
export async function printPlan(fetching: Bringing, actions: AsyncIterable<Action>): Promise<void> {
  const sum = { copy: 0, bytes: 0, remove: 0 }
  for await (const action of actions) {
    if (action.kind === 'trouble') fetching.out.failed(action.error, action.path)
    else await fetching.out.result(actionText(fetching, action), actionObject(action))
    if (action.kind === 'copy') {
      sum.copy += 1
      sum.bytes += action.from.size
    } else if (action.kind === 'remove' || action.kind === 'rmdir') sum.remove += 1
  }
  fetching.out.note(
    `would copy ${counted(sum.copy, 'file')}, ${formatBytes(sum.bytes)}, and remove ${sum.remove}; nothing was touched`,
  )
  if (fetching.out.json) {
    await fetching.out.result('', { wouldCopy: sum.copy, bytes: sum.bytes, wouldRemove: sum.remove })
  }
}

/** How a plan is carried out. */
interface How {
  jobs: number
  verify: 'size' | 'hash' | 'auto' | undefined
  checkpoint: Checkpoint | undefined
  /** Kept if not said. */
  keepModes?: boolean
  /** Tell each action, and not only what all of them came to. */
  each?: boolean
}

/** Does what a plan says, and tells of it. */
export async function makeAlike(
  fetching: Bringing,
  actions: AsyncIterable<Action>,
  from: End,
  to: End,
  how: How,
): Promise<void> {
  const { out } = fetching
  const bar = fetching.background ? undefined : progressBar(out)
  const sum = { copied: 0, bytes: 0, removed: 0, failed: 0 }
  let isFull = false
  try {
    for await (const { action, error, bytes } of runPlan(actions, from, to, optionsOf(fetching, how, bar))) {
      if (error !== undefined) {
        // What was stopped has not failed.
        if (fetching.signal.aborted && wasInterrupted(error)) continue
        // What else was under way has met the same.
        if (isFull && isDiskFull(error)) continue
        isFull ||= isDiskFull(error)
        sum.failed += 1
        const isHere = isRemote(from.store) && !isRemote(to.store) && isOfDisk(error)
        if (!fetching.signal.aborted) out.failed(error, isHere ? `${action.path} (here)` : action.path)
        continue
      }
      if (action.kind === 'copy') {
        sum.copied += 1
        sum.bytes += bytes
        bar?.fileDone()
      } else if (action.kind === 'remove' || action.kind === 'rmdir') sum.removed += 1
      await tell(fetching, action, how.each === true)
    }
    if (sum.failed === 0 && !fetching.signal.aborted) await how.checkpoint?.forget()
  } finally {
    how.checkpoint?.close()
    bar?.end()
  }
  const text = `copied ${counted(sum.copied, 'file')}, ${formatBytes(sum.bytes)}; removed ${sum.removed}; ${sum.failed} failed`
  const { aborted } = fetching.signal
  const why = aborted ? '; interrupted' : isFull ? `; ${fullText}` : ''
  await out.told(`${text}${why}`, { ...sum, done: !aborted && !isFull })
}

/** What the bar shows and the checkpoint notes while a plan runs. */
function optionsOf(fetching: Bringing, how: How, bar: ProgressBar | undefined): RunOptions {
  return {
    clock: systemClock,
    jobs: how.jobs,
    verify: how.verify,
    retries: fetching.retries,
    keepModes: how.keepModes ?? true,
    pace: fetching.pace,
    signal: fetching.signal,
    started(action) {
      if (action.kind === 'copy') {
        bar?.expect(1, action.from.size)
        how.checkpoint?.note('begun', action.path, action.from)
      }
      bar?.start(action.path)
    },
    moved(_action, bytes) {
      bar?.moved(bytes)
      fetching.moved?.(bytes)
    },
    begunAnew: ({ path }, why) => fetching.out.note(`${path}: ${begunAnewText(why)}`),
    whole: (path, action) => action.kind === 'copy' && how.checkpoint?.note('whole', path, action.from),
  }
}

/** Tells of an action that is done. */
async function tell(fetching: Bringing, action: Action, each: boolean): Promise<void> {
  const { out } = fetching
  if (action.kind === 'skip' && !out.json) out.note(`${action.path} is left out: ${action.why}`)
  else if (action.kind === 'skip') await out.result('', actionObject(action))
  else {
    if (action.kind !== 'mkdir') out.went()
    const told = { ...actionObject(action), done: true }
    await out.told(actionText(fetching, action), told, each ? 'normal' : 'verbose')
  }
}

function actionText({ out }: Bringing, action: Action): string {
  const path = out.name(action.path)
  switch (action.kind) {
    case 'mkdir':
      return `mkdir  ${path}/`
    case 'copy':
      return `copy   ${path}  (${whyText[action.why]}${action.note === undefined ? '' : `; ${action.note}`})`
    case 'link':
      return `link   ${path} -> ${out.name(action.from.target ?? '')}`
    case 'keep':
      return `time   ${path}  (it came whole before)`
    case 'remove':
      return `remove ${path}`
    case 'rmdir':
      return `remove ${path}/`
    case 'skip':
      return `skip   ${path}  (${action.why})`
    case 'trouble':
      return `fails  ${path}  (${action.error.message})`
  }
}

const whyText = { new: 'new', size: 'another size', time: 'another time', content: 'other content' } as const

function actionObject(action: Action): object {
  switch (action.kind) {
    case 'copy':
      return { action: 'copy', path: action.path, size: action.from.size, why: action.why, note: action.note }
    case 'mkdir':
    case 'keep':
    case 'rmdir':
      return { action: action.kind, path: action.path }
    case 'link':
      return { action: 'link', path: action.path, target: action.from.target }
    case 'remove':
      return { action: 'remove', path: action.path, size: action.size }
    case 'skip':
      return { action: 'skip', path: action.path, why: action.why }
    case 'trouble':
      return { action: 'trouble', path: action.path, error: action.error.message }
  }
}
