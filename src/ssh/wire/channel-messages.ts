import { message } from './message.ts'
import { Reader } from './reader.ts'
import { printable } from './transport-messages.ts'
import { Writer } from './writer.ts'

/** One side's terms for a channel: its number there, its window, and the most that one message may carry. */
export interface Terms {
  readonly id: number
  readonly window: number
  readonly most: number
}

/** A wish to open a channel (RFC 4254 §5.1). `more`: what belongs to its kind. */
export interface OpenWish {
  readonly kind: string
  readonly terms: Terms
  readonly more: Reader
}

export function formatOpen(kind: string, terms: Terms, more: Uint8Array = nothing): Uint8Array {
  return new Writer(256)
    .byte(message.channelOpen)
    .string(kind)
    .uint32(terms.id)
    .uint32(terms.window)
    .uint32(terms.most)
    .raw(more)
    .done()
}

export function parseOpen(payload: Uint8Array): OpenWish {
  const reader = new Reader(payload, 1)
  return { kind: reader.text(), terms: parseTerms(reader), more: reader }
}

export function formatConfirmation(theirs: number, terms: Terms): Uint8Array {
  return new Writer(32)
    .byte(message.channelOpenConfirmation)
    .uint32(theirs)
    .uint32(terms.id)
    .uint32(terms.window)
    .uint32(terms.most)
    .done()
}

export function parseTerms(reader: Reader): Terms {
  return { id: reader.uint32(), window: reader.uint32(), most: reader.uint32() }
}

export function formatOpenFailure(theirs: number, reason: number, text: string): Uint8Array {
  return new Writer(256)
    .byte(message.channelOpenFailure)
    .uint32(theirs)
    .uint32(reason)
    .string(text)
    .string('')
    .done()
}

export function parseOpenFailure(reader: Reader): { readonly reason: number; readonly text: string } {
  return { reason: reader.uint32(), text: printable(reader.text()) }
}

/** The messages that hold nothing but a channel's number. */
export function formatBare(
  number:
    | typeof message.channelEof
    | typeof message.channelClose
    | typeof message.channelSuccess
    | typeof message.channelFailure,
  theirs: number,
): Uint8Array {
  return new Writer(8).byte(number).uint32(theirs).done()
}

export function formatWindowAdjust(theirs: number, bytes: number): Uint8Array {
  return new Writer(16).byte(message.channelWindowAdjust).uint32(theirs).uint32(bytes).done()
}

/** What stands before the data in CHANNEL_DATA. */
export const dataHead = 9

export function formatChannelRequest(
  theirs: number,
  name: string,
  wantsReply: boolean,
  more: Uint8Array = nothing,
): Uint8Array {
  return new Writer(256)
    .byte(message.channelRequest)
    .uint32(theirs)
    .string(name)
    .boolean(wantsReply)
    .raw(more)
    .done()
}

const nothing = new Uint8Array(0)
