import { message } from './message.ts'
import { Reader } from './reader.ts'
import { Writer } from './writer.ts'

/** A try to log in (RFC 4252 §5). */
export interface AuthRequest {
  readonly user: string
  readonly service: string
  readonly way: AuthWay
}

export type AuthWay =
  | { readonly kind: 'none' }
  | { readonly kind: 'password'; readonly password: string; readonly changes: boolean }
  | { readonly kind: 'keyboard-interactive' }
  | { readonly kind: 'unknown' }
  | {
      readonly kind: 'publickey'
      readonly algorithm: string
      readonly blob: Uint8Array
      /** undefined: it is only asked whether the key would be taken. */
      readonly signature: Uint8Array | undefined
      /** What is signed, behind the session's identifier. */
      readonly signed: Uint8Array
    }

export function parseAuthRequest(payload: Uint8Array): AuthRequest {
  const reader = new Reader(payload, 1)
  const user = reader.text()
  const service = reader.text()
  return { user, service, way: parseWay(reader.text(), reader, payload) }
}

function parseWay(method: string, reader: Reader, payload: Uint8Array): AuthWay {
  switch (method) {
    case 'none':
      return { kind: 'none' }
    case 'password': {
      const changes = reader.boolean()
      return { kind: 'password', password: reader.text(), changes }
    }
    case 'keyboard-interactive':
      return { kind: 'keyboard-interactive' }
    case 'publickey': {
      const hasSignature = reader.boolean()
      const algorithm = reader.text()
      const blob = reader.string()
      const signed = payload.subarray(0, reader.at)
      const signature = hasSignature ? reader.string() : undefined
      return { kind: 'publickey', algorithm, blob, signature, signed }
    }
    default:
      return { kind: 'unknown' }
  }
}

/** What the signature of a public key is made over (RFC 4252 §7). */
export function signedData(sessionId: Uint8Array, signed: Uint8Array): Uint8Array {
  return new Writer(sessionId.length + signed.length + 4).string(sessionId).raw(signed).done()
}

/** The beginning of every try. */
export function authRequest(user: string, method: string): Writer {
  return new Writer(512).byte(message.authRequest).string(user).string('ssh-connection').string(method)
}

export function formatAuthFailure(methods: readonly string[], partial: boolean): Uint8Array {
  return new Writer(64).byte(message.authFailure).names(methods).boolean(partial).done()
}

export function parseAuthFailure(payload: Uint8Array): { methods: readonly string[]; partial: boolean } {
  const reader = new Reader(payload, 1)
  return { methods: reader.names(), partial: reader.boolean() }
}

export function formatBanner(text: string): Uint8Array {
  return new Writer(256).byte(message.authBanner).string(text).string('').done()
}

/** The key would be taken (RFC 4252 §7). */
export function formatKeyTaken(algorithm: string, blob: Uint8Array): Uint8Array {
  return new Writer(1024).byte(message.authMore).string(algorithm).string(blob).done()
}

/** A question and whether what is typed may be seen. */
export interface Prompt {
  readonly text: string
  readonly echo: boolean
}

/** No server has more to ask at once. */
const mostPrompts = 32

/** Questions for a person (RFC 4256 §3.2). */
export function formatPrompts(name: string, instruction: string, prompts: readonly Prompt[]): Uint8Array {
  const writer = new Writer(256).byte(message.authMore).string(name).string(instruction).string('')
  writer.uint32(prompts.length)
  for (const { text, echo } of prompts) writer.string(text).boolean(echo)
  return writer.done()
}

export function parsePrompts(payload: Uint8Array): {
  readonly name: string
  readonly instruction: string
  readonly prompts: readonly Prompt[]
} {
  const reader = new Reader(payload, 1)
  const name = reader.text()
  const instruction = reader.text()
  reader.text() // a language
  const prompts: Prompt[] = []
  for (let left = Math.min(reader.uint32(), mostPrompts); left > 0; left -= 1)
    prompts.push({ text: reader.text(), echo: reader.boolean() })
  return { name, instruction, prompts }
}

export function formatAnswers(answers: readonly string[]): Uint8Array {
  const writer = new Writer(256).byte(message.authInfoResponse).uint32(answers.length)
  for (const answer of answers) writer.string(answer)
  return writer.done()
}

export function parseAnswers(payload: Uint8Array): readonly string[] {
  const reader = new Reader(payload, 1)
  const answers: string[] = []
  for (let left = Math.min(reader.uint32(), mostPrompts); left > 0; left -= 1) answers.push(reader.text())
  return answers
}
