import type { Path } from '../../core/path.ts'
import type { LoggedIn } from './logged-in.ts'

/** Gives what was just made the permissions that `SITE UMASK` leaves of `mode`; without one they are the store's. */
export async function applyUmask(login: LoggedIn, path: Path, mode: number): Promise<void> {
  if (login.umask === undefined || !login.files.features.has('modes')) return
  await login.files.change(path, { mode: mode & ~login.umask })
}
