/** What can be chosen about SFTP sessions. */
export interface SftpSettings {
  /**
   * What happens when a client asks for permissions, times or owners that the store cannot have or the account may not
   * give. `told`: it hears so. `ignored`: it hears that all is well, for programs that give up an upload over that.
   */
  readonly setstat: 'told' | 'ignored'
  /** The permissions that new files and directories never have. */
  readonly umask: number
  /** How many files and directories may be open at once. */
  readonly handles: number
  /** How many bytes of work may be under way: data that is read, written or on its way out. */
  readonly window: number
}

export const sftpDefaults: SftpSettings = {
  setstat: 'told',
  umask: 0o022,
  handles: 1000,
  window: 2 * 1024 * 1024,
}

/** OpenSSH ends a session over a longer message (sftp-common.h), and so do we. */
export const longestMessage = 256 * 1024

/** The most data in one READ or WRITE: the head of a message must fit in beside it (OpenSSH leaves 1024 bytes too). */
export const mostData = longestMessage - 1024

/** Clients that do not ask for the limits must take this much (draft-ietf-secsh-filexfer-02 §3). */
export const safeMessage = 32_000
