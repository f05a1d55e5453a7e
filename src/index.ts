export {
  serve,
  type FtpListener,
  type Listener,
  type ServeOptions,
  type Server,
  type TftpListener,
} from './server/serve.ts'
export type { SftpListener } from './server/sftp-listener.ts'
export { dataFolder, type DataFolder } from './server/data-folder.ts'
export { diskStore, type DiskStore, type DiskStoreOptions } from './stores/disk.ts'
export { memoryStore } from './stores/memory.ts'
export { mounts, type Mount } from './stores/mounts.ts'
export { accountsByNetwork, type NetworkAccount } from './accounts/by-network.ts'
export { memoryAccounts, type MemoryAccount } from './accounts/memory.ts'
export {
  FileError,
  IncompleteError,
  LoginError,
  NetworkError,
  ProtocolError,
  TrustError,
  type Facts,
  type Fault,
  type NetworkFault,
} from './core/error.ts'
export type {
  Ask,
  Completeness,
  RemoteFile,
  RemoteOptions,
  RemoteStore,
  SecretWanted,
  TrustWanted,
} from './core/remote.ts'
export { joinPath, nameOf, parentOf, parsePath, type Path } from './core/path.ts'
export { decodeText, encodeText } from './core/text.ts'
export { transfer } from './core/transfer.ts'
export type { Clock, Timer } from './core/clock.ts'
export type {
  Account,
  Accounts,
  Attempt,
  PathRights,
  Proof,
  Right,
  UploadStyle,
  Verdict,
} from './core/account.ts'
export type { Events, ServerEvent } from './core/event.ts'
export type {
  Conn,
  ConnectOptions,
  Datagrams,
  ListenOptions,
  Network,
  Peer,
  Port,
  ReceiveDatagram,
} from './core/network.ts'
export type { Login, Policy, Session } from './core/session.ts'
export type { Change, Entry, EntryKind, Feature, OpenFile, Opening, Space, Store } from './core/store.ts'
