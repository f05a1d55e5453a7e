import type { Ask } from '../../core/remote.ts'
import type { HostTrust } from '../../ssh/client/host-trust.ts'
import type { HostAccess, SshHosts } from '../../ssh/client/hosts.ts'
import type { KeyToTry } from '../../ssh/client/key-to-try.ts'

/** Asks a person until `answered`, and from then on gives the answers that were given: who reconnects at night asks nobody. */
export function rememberedAnswers(ask: Ask): Ask & { answered(): void } {
  const secrets = new Map<string, string | undefined>()
  let here = true
  return {
    answered: () => {
      here = false
    },
    async secret(wanted) {
      const question = JSON.stringify([wanted.kind, wanted.host, wanted.user, wanted.prompt])
      // The last answer is the one that was right.
      if (!here) return wanted.attempt > 1 ? undefined : secrets.get(question)
      const secret = await ask.secret(wanted)
      secrets.set(question, secret)
      return secret
    },
    trust: async (wanted) => (here ? ask.trust(wanted) : 'no'),
  }
}

/** Finds each host once, and remembers the keys that were read and the host keys that were trusted: files may be out of reach later. */
export function rememberedHosts(hosts: SshHosts): SshHosts {
  const found = new Map<string, Promise<HostAccess>>()
  return {
    find(wanted) {
      const name = JSON.stringify([wanted.host, wanted.port, wanted.user])
      const access = found.get(name) ?? hosts.find(wanted).then(remembered)
      found.set(name, access)
      return access
    },
  }
}

function remembered(access: HostAccess): HostAccess {
  return { ...access, keys: rememberedKeys(access.keys), trust: rememberedTrust(access.trust) }
}

function rememberedKeys(keys: AsyncIterable<KeyToTry>): AsyncIterable<KeyToTry> {
  const read: KeyToTry[] = []
  const rest = keys[Symbol.asyncIterator]()
  return {
    async *[Symbol.asyncIterator]() {
      yield* read
      for (let next = await rest.next(); next.done !== true; next = await rest.next()) {
        read.push(next.value)
        yield next.value
      }
    },
  }
}

function rememberedTrust(trust: HostTrust): HostTrust {
  const trusted = new Set<string>()
  let known: Promise<readonly string[]> | undefined
  return {
    ...(trust.rotated === undefined
      ? {}
      : { rotated: async (host, port, keys) => trust.rotated?.(host, port, keys) }),
    known: (host, port) => (known ??= trust.known(host, port)),
    async check(shown) {
      const key = Buffer.from(shown.blob).toString('base64')
      if (trusted.has(key)) return
      await trust.check(shown)
      trusted.add(key)
    },
  }
}
