import type { Protocol } from '../core/account.ts'
import type { Events, ServerEvent } from '../core/event.ts'

/** Counts what happens, for Prometheus. */
export class Counters implements Events {
  readonly #values = new Map<string, number>()

  emit(event: ServerEvent): void {
    switch (event.kind) {
      case 'connected':
        return this.#add('ferry_connections_total', of(event))
      case 'turned-away':
        return this.#add('ferry_turned_away_total', `${of(event)},rule="${kindOf(event.rule)}"`)
      case 'login':
        return this.#add('ferry_logins_total', of(event))
      case 'login-failed':
        return this.#add('ferry_failed_logins_total', `${of(event)},rule="${kindOf(event.rule)}"`)
      case 'closed':
        return this.#add('ferry_closed_total', of(event))
      case 'download':
      case 'upload': {
        const labels = `${of(event)},direction="${event.kind}",outcome="${event.outcome}"`
        this.#add('ferry_transfers_total', labels)
        this.#add('ferry_transfer_bytes_total', labels, event.bytes)
        return this.#add('ferry_transfer_seconds_total', labels, event.ms / 1000)
      }
      case 'file':
        return this.#add('ferry_file_changes_total', `${of(event)},deed="${event.deed}"`)
      case 'refused': {
        const { rule, fault } = event
        return this.#add('ferry_refusals_total', `${of(event)},rule="${kindOf(rule)}",fault="${fault}"`)
      }
      case 'tls': {
        const { of: purpose, version, resumed, ending = 'unknown' } = event
        const labels = `of="${purpose}",version="${version}",resumed="${resumed}",ending="${ending}"`
        return this.#add('ferry_tls_total', labels)
      }
      case 'tls-failed':
        return this.#add('ferry_tls_failed_total', `${of(event)},of="${event.of}"`)
      case 'warning':
        return this.#add('ferry_warnings_total')
      case 'bug':
        return this.#add('ferry_bugs_total')
      case 'published':
        return event.up ? undefined : this.#add('ferry_published_lost_total')
      case 'listening':
      case 'said':
    }
  }

  /** In the text format of Prometheus, version 0.0.4; `gauges` are values of now. */
  text(gauges: Readonly<Record<string, number>>): string {
    const lines: string[] = []
    let last = ''
    for (const key of [...this.#values.keys()].toSorted()) {
      const [name = ''] = key.split('{')
      if (name !== last) lines.push(`# HELP ${name} ${helps[name] ?? name}`, `# TYPE ${name} counter`)
      last = name
      lines.push(`${key} ${this.#values.get(key)}`)
    }
    for (const [name, value] of Object.entries(gauges))
      lines.push(`# HELP ${name} ${helps[name] ?? name}`, `# TYPE ${name} gauge`, `${name} ${value}`)
    return `${lines.join('\n')}\n`
  }

  #add(name: string, labels = '', amount = 1): void {
    const key = labels === '' ? name : `${name}{${labels}}`
    this.#values.set(key, (this.#values.get(key) ?? 0) + amount)
  }
}

function of({ protocol }: { readonly protocol: Protocol }): string {
  return `protocol="${protocol}"`
}

/** The first word of a rule: with its path or URL it would be a series for each. */
function kindOf(rule: string | undefined): string {
  return /^[\w.-]+/u.exec(rule ?? '')?.[0] ?? 'none'
}

const helps: Readonly<Record<string, string>> = {
  ferry_connections_total: 'Connections that were taken.',
  ferry_workers: 'Workers that are running.',
  ferry_turned_away_total: 'Connections that were not taken, by the rule that decided.',
  ferry_logins_total: 'Logins.',
  ferry_failed_logins_total: 'Logins that failed, by the rule that decided.',
  ferry_closed_total: 'Connections that ended.',
  ferry_transfers_total: 'Transfers that ended, complete or not.',
  ferry_transfer_bytes_total: 'Bytes of files that were moved.',
  ferry_transfer_seconds_total: 'Time that transfers took, in seconds.',
  ferry_file_changes_total: 'Files and directories that were removed, made, renamed or changed.',
  ferry_refusals_total: 'Deeds that were refused, by the rule that decided.',
  ferry_tls_total: 'Connections in TLS, by version and by how the client ended them.',
  ferry_published_lost_total: 'Times that the way through an SSH host was lost, or was not there.',
  ferry_tls_failed_total: 'Connections that were to be in TLS and are not.',
  ferry_warnings_total: 'Warnings in the log.',
  ferry_bugs_total: 'Mistakes of the server itself.',
  ferry_sessions: 'Sessions that are connected now.',
  ferry_transfers: 'Transfers that run now.',
  ferry_outbox: 'Events that wait for a webhook to take them.',
  ferry_certificate_expires_seconds: 'When the first certificate ends, in seconds since 1970.',
  ferry_memory_bytes: 'Resident memory of the process.',
}
