/** Servers that follow the draft, or do so for all clients whose version line does not say OpenSSH, as ours does not. */
const byTheDraft = /^SSH-2\.0-(?:AsyncSSH_|ssh2js|Erlang\/|Twisted)/u

/**
 * Whether a server's SYMLINK wants the link first (draft-ietf-secsh-filexfer-02 §6.10). OpenSSH and nearly all others want it the
 * other way round.
 */
export function wantsLinkFirst(version: string): boolean {
  return byTheDraft.test(version)
}
