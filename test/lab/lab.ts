import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'

/** The hosts of the laboratory; each is a network namespace of its own. */
export type Host = 'client' | 'client-nat' | 'internet' | 'server-nat' | 'server' | 'public' | 'visitor'

/** Where each host is: what is private is behind the router of that side, what is not is on the internet itself. */
export const addresses = {
  client: '192.168.50.2',
  clientNat: '203.0.113.1',
  server: '10.20.0.10',
  serverNat: '203.0.113.2',
  public: '203.0.113.10',
  visitor: '203.0.113.20',
  nobody: '203.0.113.77',
} as const

const hosts: readonly Host[] = [
  'client',
  'client-nat',
  'internet',
  'server-nat',
  'server',
  'public',
  'visitor',
]

/** What a program printed, and how it ended. */
export interface Printed {
  readonly status: number | null
  readonly stdout: string
  readonly stderr: string
}

let labs = 0

/**
 * An internet of one bridge, a client and a server behind a router each, and two hosts with addresses of their own, in
 * namespaces that nothing else is in: no packet leaves the machine.
 */
export class Lab implements AsyncDisposable {
  readonly #prefix = `fl${process.pid.toString(36)}${(labs += 1)}`
  readonly #running: { kill(): void; gone: Promise<unknown> }[] = []

  constructor() {
    try {
      this.#build()
    } catch (thrown) {
      for (const host of hosts) spawnSync('ip', ['netns', 'del', this.#name(host)])
      throw thrown
    }
  }

  /** Rules of nftables for one host. */
  rules(host: Host, rules: string): void {
    must(
      spawnSync('ip', ['netns', 'exec', this.#name(host), 'nft', '-f', '-'], {
        input: rules,
        encoding: 'utf8',
      }),
    )
  }

  /** The router before the server lets these ports through to it, from outside and from inside. */
  forward(ports: string): void {
    this.rules(
      'server-nat',
      `add rule ip nat pre ip daddr ${addresses.serverNat} tcp dport { ${ports} } dnat to ${addresses.server}`,
    )
  }

  /** The router of the client looks into FTP on this port and rewrites PORT, as routers at home do. */
  helper(port: number): void {
    this.helperBefore('client-nat', port)
  }

  helperBefore(router: 'client-nat' | 'server-nat', port: number): void {
    this.rules(
      router,
      `table ip helper {
        ct helper ftp-standard { type "ftp" protocol tcp; l3proto ip; }
        chain pre { type filter hook prerouting priority filter; tcp dport ${port} ct helper set "ftp-standard"; }
      }`,
    )
  }

  /** The router forgets connections that are silent for some seconds, and takes up none that it does not know. */
  forgetful(router: 'client-nat' | 'server-nat', seconds: number): void {
    for (const setting of [`nf_conntrack_tcp_timeout_established=${seconds}`, 'nf_conntrack_tcp_loose=0']) {
      must(
        spawnSync('ip', ['netns', 'exec', this.#name(router), 'sysctl', '-qw', `net.netfilter.${setting}`]),
      )
    }
    this.rules(router, 'insert rule ip filt through ct state invalid drop')
  }

  /** Runs a program on a host to its end, or for some seconds. */
  async run(host: Host, command: readonly string[], seconds: number): Promise<Printed> {
    const child = spawn('ip', ['netns', 'exec', this.#name(host), 'timeout', `${seconds}`, ...command])
    const text = { stdout: '', stderr: '' }
    child.stdout.on('data', (piece: Buffer) => (text.stdout += piece.toString()))
    child.stderr.on('data', (piece: Buffer) => (text.stderr += piece.toString()))
    child.stdin.end()
    const [status] = (await once(child, 'close')) as [number | null]
    return { status, ...text }
  }

  /** Starts a program on a host and waits for a line of it. */
  async start(host: Host, command: readonly string[], ready: RegExp): Promise<void> {
    const child = spawn('ip', ['netns', 'exec', this.#name(host), ...command])
    const gone = once(child, 'exit')
    this.#running.push({ kill: () => child.kill('SIGTERM'), gone })
    let text = ''
    await new Promise<void>((resolve, reject) => {
      const look = (piece: Buffer): void => {
        text += piece.toString()
        if (ready.test(text)) resolve()
      }
      child.stdout.on('data', look)
      child.stderr.on('data', look)
      child.once('exit', () => reject(new Error(`${command.join(' ')} ended: ${text}`)))
    })
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const program of this.#running) program.kill()
    await Promise.all(this.#running.map(({ gone }) => gone))
    for (const host of hosts) ip('netns', 'del', this.#name(host))
  }

  #build(): void {
    for (const host of hosts) {
      ip('netns', 'add', this.#name(host))
      ip('-n', this.#name(host), 'link', 'set', 'lo', 'up')
    }
    this.#link('client', 'eth0', `${addresses.client}/24`, 'client-nat', 'in0', '192.168.50.1/24')
    this.#link('server', 'eth0', `${addresses.server}/24`, 'server-nat', 'in0', '10.20.0.1/24')
    ip('-n', this.#name('internet'), 'link', 'add', 'br0', 'type', 'bridge')
    ip('-n', this.#name('internet'), 'link', 'set', 'br0', 'up')
    this.#join('client-nat', 'out0', addresses.clientNat, 'p1')
    this.#join('server-nat', 'out0', addresses.serverNat, 'p2')
    this.#join('public', 'eth0', addresses.public, 'p3')
    this.#join('visitor', 'eth0', addresses.visitor, 'p4')
    ip('-n', this.#name('client'), 'route', 'add', 'default', 'via', '192.168.50.1')
    ip('-n', this.#name('server'), 'route', 'add', 'default', 'via', '10.20.0.1')
    for (const router of ['client-nat', 'server-nat'] as const) this.#route(router)
  }

  #name(host: Host): string {
    return `${this.#prefix}-${host}`
  }

  #link(a: Host, ifA: string, addressA: string, b: Host, ifB: string, addressB: string): void {
    const [nameA, nameB] = [this.#name(a), this.#name(b)]
    ip('-n', nameA, 'link', 'add', ifA, 'type', 'veth', 'peer', 'name', ifB, 'netns', nameB)
    ip('-n', nameA, 'addr', 'add', addressA, 'dev', ifA)
    ip('-n', nameB, 'addr', 'add', addressB, 'dev', ifB)
    ip('-n', nameA, 'link', 'set', ifA, 'up')
    ip('-n', nameB, 'link', 'set', ifB, 'up')
  }

  /** Puts a host on the internet, with an address of IPv6 beside that of IPv4. */
  #join(host: Host, device: string, address: string, port: string): void {
    const [name, internet] = [this.#name(host), this.#name('internet')]
    ip('-n', name, 'link', 'add', device, 'type', 'veth', 'peer', 'name', port, 'netns', internet)
    ip('-n', name, 'addr', 'add', `${address}/24`, 'dev', device)
    ip('-n', name, 'addr', 'add', `2001:db8::${address.split('.').at(-1)}/64`, 'dev', device, 'nodad')
    ip('-n', name, 'link', 'set', device, 'up')
    ip('-n', internet, 'link', 'set', port, 'up')
    ip('-n', internet, 'link', 'set', port, 'master', 'br0')
  }

  /** A router as they stand at home: outwards everything, inwards what belongs to it or is forwarded. */
  #route(router: 'client-nat' | 'server-nat'): void {
    must(spawnSync('ip', ['netns', 'exec', this.#name(router), 'sysctl', '-qw', 'net.ipv4.ip_forward=1']))
    this.rules(
      router,
      `table ip nat {
        chain pre { type nat hook prerouting priority dstnat; }
        chain post { type nat hook postrouting priority srcnat; oifname "out0" masquerade; }
      }
      table ip filt {
        chain through { type filter hook forward priority filter; policy drop;
          ct state established,related accept
          iifname "in0" oifname "out0" accept
          ct status dnat accept
        }
      }`,
    )
  }
}

/** Why there can be no laboratory on this machine; undefined: there can. */
export function whyNoLab(): string | undefined {
  if (process.platform !== 'linux' || process.getuid?.() !== 0)
    return 'network namespaces need Linux and root'
  for (const program of ['ip', 'nft', 'timeout', 'sysctl']) {
    if (spawnSync('which', [program]).status !== 0) return `${program} is not installed`
  }
  const probe = `fl${process.pid.toString(36)}-probe`
  if (spawnSync('ip', ['netns', 'add', probe]).status !== 0)
    return 'network namespaces are not permitted here'
  const rules = 'table ip t { chain c { type nat hook prerouting priority dstnat; }; }\n'
  const nat = spawnSync('ip', ['netns', 'exec', probe, 'nft', '-f', '-'], { input: rules })
  spawnSync('ip', ['netns', 'del', probe])
  return nat.status === 0 ? undefined : 'nftables cannot translate addresses here'
}

function ip(...words: readonly string[]): void {
  must(spawnSync('ip', words, { encoding: 'utf8' }))
}

function must({ status, stderr }: { status: number | null; stderr: string | Buffer }): void {
  if (status !== 0) throw new Error(`the laboratory cannot be built: ${stderr.toString()}`)
}
