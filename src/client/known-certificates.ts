import { pinOf, type KnownCertificates } from '../core/certificate.ts'
import { FileError } from '../core/error.ts'
import { parentOf } from '../core/path.ts'
import { transfer } from '../core/transfer.ts'
import { localPlace } from '../stores/local.ts'
import { makeDirectory } from './make-directory.ts'

/** More than this is no list of certificates. */
const longestFile = 1 << 20

/**
 * Certificates that somebody has accepted, in a file of lines `host:port sha256:…`; a `#` begins a remark. The first line of a
 * server counts.
 */
export function knownCertificates(file: string): KnownCertificates {
  return {
    name: file,
    async find(host, port) {
      const wanted = placeOf(host, port)
      const lines = (await textOf(file)).split('\n').map((line) => line.trim().split(/\s+/u))
      const [, pin] = lines.find(([place]) => place?.toLowerCase() === wanted) ?? []
      return pin === undefined ? undefined : fingerprintOf(pin)
    },
    async keep(host, port, fingerprint) {
      const text = await textOf(file)
      const between = text === '' || text.endsWith('\n') ? '' : '\n'
      await append(file, `${between}${placeOf(host, port)} ${pinOf(fingerprint)}\n`)
    },
  }
}

function placeOf(host: string, port: number): string {
  return `${host.includes(':') ? `[${host}]` : host.toLowerCase()}:${port}`
}

/** What cannot be read is no fingerprint of anything: who has changed the line is told that the certificate differs. */
function fingerprintOf(pin: string): string {
  const digits = pin
    .replace(/^sha256:/iu, '')
    .replaceAll(':', '')
    .toUpperCase()
  return digits.match(/../gu)?.join(':') ?? digits
}

async function textOf(file: string): Promise<string> {
  const { store, path } = await localPlace(file)
  try {
    const { size } = await store.stat(path)
    if (size > longestFile) throw new FileError('invalid', `${file} is too long to be a list of certificates`)
    const open = await store.open(path, { read: true })
    return await transfer(open, async () => {
      const into = Buffer.alloc(size)
      return into.toString('utf8', 0, await open.read(into, 0))
    })
  } catch (thrown) {
    if (thrown instanceof FileError && thrown.fault === 'not-found') return ''
    throw thrown
  } finally {
    await store.close()
  }
}

async function append(file: string, text: string): Promise<void> {
  const { store, path } = await localPlace(file)
  try {
    await makeDirectory(store, parentOf(path))
    const open = await store.open(path, { write: true, create: 'allow', append: true })
    await transfer(open, async () => open.write([Buffer.from(text)], (await open.stat()).size))
  } finally {
    await store.close()
  }
}
