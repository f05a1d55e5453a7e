import { reply, type Reply } from '../wire/reply.ts'

/** Ends a command with this reply, and what it had begun with an abort. */
export class Refused extends Error {
  readonly reply: Reply

  constructor(code: number, ...lines: string[]) {
    super(lines.join(' '))
    this.name = 'Refused'
    this.reply = reply(code, ...lines)
  }
}
