/** Where the keys of hosts are known from, and where new ones are written. */
export interface KnownHostsFiles {
  /** The files as they are now, those of the user first; one that is not there is empty. */
  read(): Promise<readonly KnownHostsFile[]>
  /** Writes a line behind the first file, which is made if there is none. */
  append(line: string): Promise<void>
  /** Writes the first file anew. */
  replace(text: string): Promise<void>
}

export interface KnownHostsFile {
  /** What people call it. */
  readonly name: string
  readonly text: string
}

/** Known hosts that are kept in memory: for programs that bring their own. */
export function knownHostsInMemory(text = ''): KnownHostsFiles {
  let all = text
  return {
    read: async () => [{ name: 'known hosts', text: all }],
    async append(line) {
      all += `${line}\n`
    },
    async replace(anew) {
      all = anew
    },
  }
}
