import assert from 'node:assert/strict'
import { joinPath, parsePath } from '../core/path.ts'
import type { Feature, Store } from '../core/store.ts'
import { attributeCases } from './conforms-store/attributes.ts'
import type { Ability, StoreCase } from './conforms-store/case.ts'
import { contentCases } from './conforms-store/content.ts'
import { directoryCases } from './conforms-store/directories.ts'
import { linkCases } from './conforms-store/links.ts'
import { listCases } from './conforms-store/lists.ts'
import { nameCases } from './conforms-store/names.ts'
import { openingCases } from './conforms-store/openings.ts'
import { renameCases } from './conforms-store/renames.ts'
import { rootCases } from './conforms-store/root.ts'
import { declare, nodeRunner, Skipped, type SuiteOptions } from './runner.ts'
import { tracedStore, type TracedStore } from './traced-store.ts'

/** A store made for one case, and what ends it. */
export interface StoreWorld {
  readonly store: Store
  end(): Promise<void>
}

/** Where to work in the store, and what not to ask of it. */
export interface ConformsStoreOptions extends SuiteOptions {
  /** The existing directory to work in; the root when left out. */
  readonly at?: string
  /** What the store cannot do by its nature, with the reason; those cases are skipped and say it. */
  readonly cannot?: Partial<Record<Ability, string>>
}

const cases: Record<string, readonly StoreCase[]> = {
  'the root': rootCases,
  directories: directoryCases,
  lists: listCases,
  openings: openingCases,
  content: contentCases,
  renames: renameCases,
  attributes: attributeCases,
  links: linkCases,
  names: nameCases,
}

/** Judges a Store driver: every method, every fault in its place, every promise of `core/store.ts`. */
export function conformsStore(
  name: string,
  make: () => Promise<StoreWorld>,
  options: ConformsStoreOptions = {},
): void {
  const { runner = nodeRunner } = options
  runner.describe(`${name} conforms to Store:`, () => {
    for (const [title, group] of Object.entries(cases)) {
      runner.describe(title, () => {
        for (const one of group) judge(one, make, options)
      })
    }
  })
}

function judge(one: StoreCase, make: () => Promise<StoreWorld>, options: ConformsStoreOptions): void {
  const { at = '/', cannot = {} } = options
  let traced: TracedStore | undefined
  const run = async (): Promise<void> => {
    const reason = one.ability && cannot[one.ability]
    if (reason !== undefined) throw new Skipped(reason)
    const world = await make()
    traced = tracedStore(world.store)
    const { store } = traced
    try {
      const missing = one.features?.find((feature: Feature) => !store.features.has(feature))
      if (missing !== undefined) throw new Skipped(`the store does not offer '${missing}'`)
      const directory = joinPath(parsePath(at), 'conforms')
      await store.mkdir(directory)
      assert.equal((await store.stat(directory)).kind, 'directory')
      await one.run(store, (place) => parsePath(`${directory}/${place}`))
    } finally {
      await world.end()
    }
  }
  declare(options, one.name, run, () => traced?.lastCalls() ?? '')
}
