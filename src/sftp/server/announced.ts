import { decodeText } from '../../core/text.ts'
import type { Feature, Store } from '../../core/store.ts'
import { extensionNames, extensionVersion, writeExtended, type ExtensionName } from '../wire/extension.ts'
import type { Pair } from '../wire/pairs.ts'

/** Extensions that promise something which not every store can do. */
const needs: Partial<Record<ExtensionName, Feature>> = {
  'statvfs@openssh.com': 'space',
  'fstatvfs@openssh.com': 'space',
  'space-available': 'space',
  'hardlink@openssh.com': 'hard-links',
}

/** What is announced in SSH_FXP_VERSION: who we are, and each extension that this store can hold to. */
export function announced(files: Store): Pair[] {
  const offered = extensionNames.filter((name) => {
    const need = needs[name]
    return name !== 'vendor-id' && (need === undefined || files.features.has(need))
  })
  const vendor = writeExtended('vendor-id', { vendor: 'Ferry', product: 'Ferry', edition: '', build: 0 })
  return [
    { name: 'vendor-id', data: decodeText(vendor) },
    ...offered.map((name) => ({ name, data: extensionVersion(name) })),
    // WinSCP and paramiko look for the two requests under this name.
    { name: 'check-file', data: '1' },
  ]
}
