/** Programs that name what a link leads to first only where the server's version line says OpenSSH, which ours does not. */
const byTheDraft = /^SSH-2\.0-(?:AsyncSSH_|ssh2js|phpseclib_|libssh[-_])/u

/**
 * Whether a client's SYMLINK names the link first (draft-ietf-secsh-filexfer-02 §6.10). OpenSSH and nearly all others do it the
 * other way round.
 */
export function saysLinkFirst(version: string): boolean {
  return byTheDraft.test(version)
}
