import type { Account } from '../core/account.ts'
import type { Login } from '../core/session.ts'
import { memoryStore } from '../stores/memory.ts'

/** A login of an account of which only what matters is said: for tests of rules. */
export function loginOf(
  account: Partial<Account> = {},
  signal: AbortSignal = new AbortController().signal,
): Login {
  return {
    id: 'session-1',
    protocol: 'ftp',
    peer: { address: '192.0.2.50', port: 40_000 },
    account: {
      name: 'anna',
      home: memoryStore(),
      readOnly: false,
      rights: [],
      uploads: 'atomic',
      ...account,
    },
    signal,
  }
}
