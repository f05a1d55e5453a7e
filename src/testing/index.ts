export { testServer, type TestServer } from './test-server.ts'
export { FakeClock } from './fake-clock.ts'
export { recordedEvents, type RecordedEvents } from './recorded-events.ts'
export { conformsStore, type ConformsStoreOptions, type StoreWorld } from './conforms-store.ts'
export type { Ability } from './conforms-store/case.ts'
export type { Runner, SuiteOptions } from './runner.ts'
export { conformsAccounts, type AccountsWorld, type Person } from './conforms-accounts.ts'
export { conformsLedger, type LedgerWorld } from './conforms-ledger.ts'
export { conformsNetwork, type ConformsNetworkOptions, type NetworkWorld } from './conforms-network.ts'
export {
  memoryNetwork,
  type MemoryNetwork,
  type MemoryNetworkOptions,
  type OpenCounts,
} from '../net/memory.ts'
export {
  misbehavingServer,
  type MisbehavingServer,
  type MisbehavingServerOptions,
} from './misbehaving/server.ts'
export { ftpScenarios } from './misbehaving/scenarios.ts'
export { fileBytes } from './misbehaving/files.ts'
export type { FtpScenario, FtpScript, Operation, Outcome, Step } from './misbehaving/script.ts'
export type { Chop } from '../net/memory-conn.ts'
export type { Carry } from '../net/memory-datagrams.ts'
