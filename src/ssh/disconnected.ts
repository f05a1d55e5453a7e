import { NetworkError } from '../core/error.ts'

/** The other side has said why it goes. */
export class Disconnected extends NetworkError {
  readonly reason: number

  constructor({ reason, text }: { reason: number; text: string }) {
    super('closed', `the other side ended the connection: ${text || `reason ${reason}`}`, {
      facts: { code: reason, reply: text, connectionUsable: false },
    })
    this.name = 'Disconnected'
    this.reason = reason
  }
}
