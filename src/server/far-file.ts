import type { OpenFile } from '../core/store.ts'

/** An open file of another server. `explained` puts what it throws into words; `over` is told once when it is closed. */
export function farFile(file: OpenFile, explained: (thrown: unknown) => unknown, over: () => void): OpenFile {
  let open = true
  const said = async <Result>(work: Promise<Result>): Promise<Result> => {
    try {
      return await work
    } catch (thrown) {
      throw explained(thrown)
    }
  }
  const ended = (): void => {
    if (open) over()
    open = false
  }
  return {
    stat: () => said(file.stat()),
    read: (into, at) => said(file.read(into, at)),
    write: (pieces, at) => said(file.write(pieces, at)),
    async close() {
      await said(file.close())
      ended()
    },
    abort: (reason) => said(file.abort(reason)).finally(ended),
  }
}
