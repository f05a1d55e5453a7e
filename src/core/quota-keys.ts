/** Where the counters of an account are. */
export function quotaKeys(name: string): { bytes: string; files: string; dirty: string } {
  return { bytes: `quota bytes of ${name}`, files: `quota files of ${name}`, dirty: `quota dirty of ${name}` }
}
