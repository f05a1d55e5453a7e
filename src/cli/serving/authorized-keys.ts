import { publicKeysIn } from '../public-keys.ts'
import { textOf } from '../text-of.ts'
import { UsageError } from '../usage-error.ts'

/** The public keys that let a user in, out of the files that `--authorized-keys` names. A line that cannot be kept stops all. */
export async function authorizedKeys(files: readonly string[], user: string): Promise<readonly Uint8Array[]> {
  const all: Uint8Array[] = []
  for (const file of files.map((name) => name.replaceAll('%u', user))) {
    const { keys, problems } = publicKeysIn(await textOf(file))
    if (problems.length > 0) throw new UsageError(problems.map((problem) => `${file}, ${problem}`).join('\n'))
    if (keys.length === 0) throw new UsageError(`${file} holds no public key.`)
    all.push(...keys.map(({ blob }) => blob))
  }
  return all
}
