export {
  serve,
  type Common,
  type ServeOptions,
  type Server,
  type ServerRules,
  type SessionNow,
} from './server/serve.ts'
export type { FtpListener, Listener, TftpListener } from './server/listener.ts'
export type { SftpListener } from './server/sftp-listener.ts'
export type { Entrances } from './server/doors.ts'
export type { PublishedDoors } from './server/published-doors.ts'
export type { SessionTls } from './server/tls-now.ts'
export type { AddressFor, FtpSettings, PortRange } from './ftp/server/settings.ts'
export type { SftpSettings } from './sftp/server/settings.ts'
export type { FtpTls, TlsWishes } from './ftp/server/ftp-tls.ts'
export type { SshSettings } from './ssh/server/settings.ts'
export type { LegacyRule } from './ssh/server/legacy.ts'
export type { RekeyLimits } from './ssh/transport.ts'
export type { Asked as RemapAsked, Remap } from './tftp/server/remap.ts'
export type { Bucket } from './policy/token-bucket.ts'
export type { QuotaTurn, QuotaTurnEnd, QuotaTurns } from './core/quota-turns.ts'
export type { Keep } from './ssh/server/host-keys.ts'
export type { Signer } from './ssh/signer.ts'
export type { TftpSettings, TransferPorts } from './tftp/server/settings.ts'
export type { VisitorView } from './policy/door.ts'
export type { DoorLimits } from './policy/door-limits.ts'
export type { Doorkeeper, TurnedAway } from './policy/gate.ts'
export type { Admission, Admitted } from './policy/admission.ts'
export type { SharedBucket } from './policy/bandwidth.ts'
export type { Answer, AskHook, Question } from './policy/hooks.ts'
export type { SharedQuota } from './policy/quota/account-quota.ts'
export type { TransferNow } from './policy/witness.ts'
export { dataFolder, type DataFolder } from './server/data-folder.ts'
export { diskStore, type DiskStore, type DiskStoreOptions } from './stores/disk.ts'
export type { LargeReads } from './stores/disk/quick-calls.ts'
export { memoryStore, type MemoryStoreOptions } from './stores/memory.ts'
export { mounts, type Mount } from './stores/mounts.ts'
export { accountsByNetwork, type NetworkAccount } from './accounts/by-network.ts'
export { memoryAccounts, type MemoryAccount } from './accounts/memory.ts'
export {
  FileError,
  IncompleteError,
  InformedError,
  LoginError,
  NetworkError,
  OneSessionError,
  ProtocolError,
  TrustError,
  type ErrorMore,
  type Facts,
  type Fault,
  type FileErrorMore,
  type NetworkFault,
  type Phase,
} from './core/error.ts'
export type {
  Ask,
  Completeness,
  HashName,
  RemoteFile,
  RemoteOptions,
  RemoteStore,
  SecretWanted,
  TrustWanted,
  WrittenWhole,
} from './core/remote.ts'
export { joinPath, nameOf, parentOf, parsePath, type Path } from './core/path.ts'
export { decodeText, encodeText } from './core/text.ts'
export { transfer } from './core/transfer.ts'
export type { Clock, Timer } from './core/clock.ts'
export type {
  Account,
  AccountRules,
  Accounts,
  Attempt,
  Hook,
  HookDeed,
  NamePatterns,
  PathRights,
  Ports,
  Proof,
  Protocol,
  Quota,
  Rate,
  Right,
  UploadStyle,
  Verdict,
} from './core/account.ts'
export type { ProofKind } from './accounts/judge.ts'
export type { Claims } from './core/claims.ts'
export type {
  Events,
  FileDeed,
  OfAccount,
  OfSession,
  OfTransfer,
  ServerEvent,
  TlsPurpose,
} from './core/event.ts'
export type { Ledger } from './core/ledger.ts'
export type {
  Conn,
  ConnectOptions,
  DatagramOptions,
  Datagrams,
  ListenOptions,
  Network,
  Peer,
  Port,
  ReceiveDatagram,
} from './core/network.ts'
export type { Login, Session } from './core/session.ts'
export type {
  Certificate,
  ClientHello,
  PeerCertificate,
  SecureClient,
  SecureConn,
  SecureHow,
  SecureServer,
  TlsBinding,
  TlsEnding,
  TlsFacts,
  TlsIdentity,
  TlsLimits,
  TlsVersion,
} from './core/tls.ts'
export type { Row, Rows } from './core/rows.ts'
export type { Change, Entry, EntryKind, Feature, OpenFile, Opening, Space, Store } from './core/store.ts'
