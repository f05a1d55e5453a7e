import { after, before, beforeEach, describe, test } from 'node:test'
import { accessChecks } from './checks/access.ts'
import { nameChecks } from './checks/names.ts'
import { resumeChecks } from './checks/resume.ts'
import { textChecks } from './checks/text.ts'
import { transferChecks } from './checks/transfers.ts'
import { treeChecks } from './checks/tree.ts'
import { wayChecks } from './checks/ways.ts'
import type { Cannot, InteropClient } from './interop-client.ts'
import { programVersion } from './program.ts'
import { Scene } from './scene.ts'

/**
 * Defines one check. It gets the operations it needs; where the client lacks one, the check is skipped with the client's
 * reason.
 */
export type Check = <Works extends readonly unknown[]>(
  name: string,
  needs: { readonly [Index in keyof Works]: Works[Index] | Cannot },
  run: (...works: Works) => Promise<void>,
) => void

/** What a family of checks is made from. */
export interface Checks {
  readonly client: InteropClient
  readonly scene: Scene
  readonly check: Check
}

/** Drives a real client through all that it can do with our server. */
export function interopSuite(client: InteropClient): void {
  const version = programVersion(client.program, client.tellVersion)
  if (version === undefined) {
    missing(client)
    return
  }
  void describe(`${client.name} ${version}`, () => {
    const scene = new Scene(client)
    const tally = new Tally(`${client.name} ${version}`)
    before(() => scene.open())
    beforeEach(() => scene.begin())
    after(async () => {
      await scene.close()
      tally.print()
    })
    const check = checkWith(scene, tally)
    for (const family of families) family({ client, scene, check })
  })
}

const families = [accessChecks, treeChecks, transferChecks, textChecks, resumeChecks, nameChecks, wayChecks]

/** In CI every client is there, or the suite proves less than it says. */
function missing({ name, install }: InteropClient): void {
  const reason = `${name} is not on this machine: ${install}`
  if (process.env['CI'] === undefined) {
    void test(name, { skip: reason }, () => undefined)
  } else {
    void test(name, () => {
      throw new Error(reason)
    })
  }
}

function checkWith(scene: Scene, tally: Tally): Check {
  return <Works extends readonly unknown[]>(
    name: string,
    needs: { readonly [Index in keyof Works]: Works[Index] | Cannot },
    run: (...works: Works) => Promise<void>,
  ) => {
    const lacking = needs.find(isCannot)
    if (lacking !== undefined) {
      tally.skip(lacking.cannot)
      void test(name, { skip: lacking.cannot }, () => undefined)
      return
    }
    void test(name, async () => {
      tally.failed += 1
      try {
        await run(...(needs as unknown as Works))
      } catch (thrown) {
        const trouble = thrown instanceof Error ? thrown.message : String(thrown)
        throw new Error(`${trouble}\n\nWhat was said:\n${scene.transcript()}\n`, { cause: thrown })
      }
      tally.failed -= 1
      tally.passed += 1
    })
  }
}

function isCannot(need: unknown): need is Cannot {
  return typeof need === 'object' && need !== null && 'cannot' in need
}

/** Counts, for one line a client. */
class Tally {
  passed = 0
  failed = 0
  readonly #client: string
  readonly #skipped: string[] = []

  constructor(client: string) {
    this.#client = client
  }

  skip(reason: string): void {
    this.#skipped.push(reason)
  }

  print(): void {
    const reasons = [...new Set(this.#skipped)].join('; ')
    const skipped = reasons === '' ? '0 skipped' : `${this.#skipped.length} skipped (${reasons})`
    const failed = this.failed === 0 ? '' : `${this.failed} FAILED, `
    process.stdout.write(`interop: ${this.#client}: ${failed}${this.passed} passed, ${skipped}\n`)
  }
}
