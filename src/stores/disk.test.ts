import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { conformsStore } from '../testing/conforms-store.ts'
import { diskStore } from './disk.ts'

for (const confinement of ['descriptors', 'real-paths'] as const) {
  conformsStore(`disk by ${confinement}`, async () => {
    const root = await mkdtemp(join(tmpdir(), 'ferry-disk-'))
    const store = await diskStore(root, { confinement })
    return {
      store,
      async end() {
        await store.close()
        await rm(root, { recursive: true })
      },
    }
  })
}
