export { connect, type ConnectOptions, type TlsOptions } from './connect.ts'
export {
  Remote,
  type CallOptions,
  type EntriesOptions,
  type Progress,
  type TransferOptions,
} from './remote.ts'
export { copyFile, type Copied, type CopyHow, type Verify } from './copy-file.ts'
export { plan, type Action, type PlanOptions } from './plan.ts'
export { runPlan, type Result, type RunOptions } from './run-plan.ts'
export { choose, type Choice } from './choice.ts'
export type { End } from './end.ts'
export { Pace } from './pace.ts'
export type { AskSize, OwnPart } from './own-part.ts'
export type { Patience } from './retrying.ts'
export type { Compare, Difference } from './same.ts'
export type { Content, Part } from './streams.ts'
export type { Found } from './walk.ts'
export { localPlace, type LocalPlace } from '../stores/local.ts'
export type { HostAccess, HostWanted, SshHosts } from '../ssh/client/hosts.ts'
export type { KeyToTry, UnusableKey } from '../ssh/client/key-to-try.ts'
export type { KnownCertificates, TlsTrust } from '../core/certificate.ts'
export type { HostKeyShown, HostTrust } from '../ssh/client/host-trust.ts'
