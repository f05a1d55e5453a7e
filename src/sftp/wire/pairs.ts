import type { WireReader } from './reader.ts'
import type { WireWriter } from './writer.ts'

/** An extension that a side announces: its name and its data, mostly a version. */
export interface Pair {
  readonly name: string
  readonly data: string
}

/** Pairs to the end of the message (draft-ietf-secsh-filexfer-02 §4). */
export function readPairs(reader: WireReader): Pair[] {
  const pairs: Pair[] = []
  while (reader.left > 0) pairs.push({ name: reader.text(), data: reader.text() })
  return pairs
}

export function writePairs(writer: WireWriter, pairs: readonly Pair[]): void {
  for (const { name, data } of pairs) {
    writer.text(name)
    writer.text(data)
  }
}
