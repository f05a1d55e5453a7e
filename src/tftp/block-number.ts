/** What follows block 65535: 0 for nearly everybody, 1 where the client asked for it by the option `rollover`. */
export type Rollover = 0 | 1

/** The number that a block bears on the wire. Blocks are counted from 1 and never wrap in here. */
export function blockNumber(block: number, rollover: Rollover): number {
  if (rollover === 0 || block === 0) return block % 65_536
  return ((block - 1) % 65_535) + 1
}

/** How many blocks a number on the wire is ahead of a block, read forward; undefined: no block bears such a number. */
export function blocksAhead(from: number, number: number, rollover: Rollover): number | undefined {
  if (rollover === 0) return (number - (from % 65_536) + 65_536) % 65_536
  if (from === 0) return number
  if (number === 0) return undefined
  return (number - blockNumber(from, 1) + 65_535) % 65_535
}
