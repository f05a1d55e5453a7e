import { rootPath, type Path } from '../../core/path.ts'
import type { RemoteFile, RemoteStore } from '../../core/remote.ts'
import type { Entry, Feature, Opening } from '../../core/store.ts'
import { transfer } from '../../core/transfer.ts'
import { encodePacket, type Option, type Request } from '../packet.ts'
import { ask } from './ask.ts'
import type { Answer } from './asking.ts'
import { entryOf } from './entry-of.ts'
import { notInTftp, serverRefused } from './faults.ts'
import type { ClientHouse } from './house.ts'
import { IncomingFile } from './incoming-file.ts'
import { modeOf } from './mode-of.ts'
import { OpenFiles } from './open-files.ts'
import { OutgoingFile } from './outgoing-file.ts'

/** What is shared by a remote and those `under` a signal. */
interface Shared {
  readonly files: OpenFiles
  /** Those of the last OACK. */
  options: readonly string[]
}

/** What stops a server that has told all that we wanted to know. */
const enough = { kind: 'error', code: 8, text: 'only the size was wanted' } as const

/** A TFTP server as a Store: files by name, and nothing else. */
export class TftpRemote implements RemoteStore {
  readonly features: ReadonlySet<Feature> = new Set()
  readonly url: string
  readonly home = rootPath
  readonly text: boolean
  readonly #house: ClientHouse
  readonly #signal: AbortSignal | undefined
  readonly #shared: Shared

  constructor(house: ClientHouse, signal: AbortSignal | undefined, shared?: Shared) {
    const { host, server } = house
    this.url = `tftp://${host.includes(':') ? `[${host}]` : host}${server.port === 69 ? '' : `:${server.port}`}/`
    this.text = house.mode === 'netascii'
    this.#house = house
    this.#signal = signal
    this.#shared = shared ?? { files: new OpenFiles(house.clock), options: [] }
  }

  under(signal: AbortSignal): RemoteStore {
    const both = this.#signal === undefined ? signal : AbortSignal.any([this.#signal, signal])
    return new TftpRemote(this.#house, both, this.#shared)
  }

  capabilities(): readonly string[] {
    return this.#shared.options
  }

  /**
   * Asks for the file with `tsize=0`, and stops when the answer has told how large it is. Of a server that does not tell
   * the file is read to its end and counted: there is no other way to know, and such servers have small files.
   */
  async stat(path: Path): Promise<Entry> {
    if (path === rootPath) return { name: '', kind: 'directory', size: 0, modified: new Date(0) }
    const answer = await this.#ask(path, 'read', [{ name: 'tsize', value: '0' }])
    const { packet, terms, link } = answer
    if (packet.kind !== 'oack' || terms.announced === undefined)
      return entryOf(path, await this.#counted(this.#incoming(path, answer)))
    link.send(encodePacket(enough))
    await link.close()
    return entryOf(path, terms.announced)
  }

  /** Nothing is asked: boot loaders that wait for their firmware hear uploads only. */
  async isDirectory(path: Path): Promise<boolean> {
    return path === rootPath
  }

  async open(path: Path, how: Opening): Promise<RemoteFile> {
    if (how.read === true && how.write === true) throw notInTftp('cannot read and write a file at once')
    const within = how.write === true && ((how.from ?? 0) > 0 || how.append === true)
    if (within) throw notInTftp('cannot go on in the middle of a file that it writes')
    return how.write === true ? this.#write(path, how.expected) : this.#read(path)
  }

  async *list(): AsyncIterable<readonly Entry[]> {
    yield await Promise.reject(notInTftp('has no listings: ask for a file by its name'))
  }

  async remove(): Promise<void> {
    throw notInTftp('cannot remove files')
  }

  async mkdir(): Promise<void> {
    throw notInTftp('has no directories')
  }

  async rmdir(): Promise<void> {
    throw notInTftp('has no directories')
  }

  async rename(): Promise<void> {
    throw notInTftp('cannot rename files')
  }

  async change(): Promise<void> {
    throw notInTftp('cannot change times or modes')
  }

  async link(): Promise<void> {
    throw notInTftp('has no links')
  }

  async space(): Promise<never> {
    throw notInTftp('does not tell how much room there is')
  }

  async hash(): Promise<string> {
    throw notInTftp('has no hashes')
  }

  async copy(): Promise<void> {
    throw notInTftp('cannot copy files over there')
  }

  /** Ends what is open, and waits for a last ACK that lingers only where packets were seen to be lost. */
  async end(): Promise<void> {
    await this.#shared.files.end()
  }

  async #read(path: Path): Promise<RemoteFile> {
    const netascii = modeOf(path, this.#house.mode).mode === 'netascii'
    // A size on the wire would be another than on the disk there.
    const size = netascii ? [] : [{ name: 'tsize', value: '0' }]
    const answer = await this.#ask(path, 'read', [...size, ...this.#sizes()])
    return this.#incoming(path, answer)
  }

  #incoming(path: Path, answer: Answer): IncomingFile {
    const { files } = this.#shared
    const netascii = modeOf(path, this.#house.mode).mode === 'netascii'
    const file = new IncomingFile({ clock: this.#house.clock, answer, path, netascii, files })
    files.add(file, this.#signal)
    return file
  }

  async #counted(file: IncomingFile): Promise<number> {
    const size = await transfer(file, async () => {
      const block = new Uint8Array(65_536)
      let at = 0
      for (let count = 1; count > 0; at += count) count = await file.read(block, at)
      return at
    })
    return size
  }

  async #write(path: Path, expected: number | undefined): Promise<RemoteFile> {
    const netascii = modeOf(path, this.#house.mode).mode === 'netascii'
    const size = netascii || expected === undefined ? [] : [{ name: 'tsize', value: String(expected) }]
    const answer = await this.#ask(path, 'write', [...size, ...this.#sizes()])
    const { files } = this.#shared
    const file = new OutgoingFile({ clock: this.#house.clock, answer, path, netascii, expected, files })
    files.add(file, this.#signal)
    return file
  }

  #sizes(): Option[] {
    const { blockSize, window } = this.#house
    const options: Option[] = []
    if (blockSize !== 512) options.push({ name: 'blksize', value: String(blockSize) })
    if (window !== 1) options.push({ name: 'windowsize', value: String(window) })
    return options
  }

  async #ask(path: Path, deed: Request['deed'], options: readonly Option[]): Promise<Answer> {
    const { name, mode } = modeOf(path, this.#house.mode)
    const answer = await ask(this.#house, { kind: 'request', deed, name, mode, options }, this.#signal)
    if ('refused' in answer) throw serverRefused(answer.refused, path, { phase: 'command' })
    if (answer.packet.kind === 'oack')
      this.#shared.options = answer.packet.options.map(({ name: option, value }) => `${option}=${value}`)
    return { ...answer, terms: { ...answer.terms, silenceMs: this.#house.silenceWithinMs } }
  }
}
