import { message, type State } from './message.ts'

/** Whether a peer may send this message now. `unknown`: it has no meaning here, and is answered so. */
export function allowed(state: State, number: number, strict: boolean): 'yes' | 'no' | 'unknown' {
  if (number === message.disconnect) return 'yes'
  if (state === 'first exchange' && strict) return isExchange(number) ? 'yes' : 'no'
  if (isAlways.has(number) || isExchange(number)) return 'yes'
  if (!known.has(number)) return number === 0 ? 'no' : 'unknown'
  return perState[state](number) ? 'yes' : 'no'
}

const isAlways: ReadonlySet<number> = new Set([message.ignore, message.unimplemented, message.debug])

const known: ReadonlySet<number> = new Set(Object.values(message))

function isExchange(number: number): boolean {
  return number >= message.kexInit && number <= message.groupRequest
}

/** Beyond what is always allowed. While keys are exchanged nothing else may come (RFC 4253 §7.1), before a login. */
const perState: Readonly<Record<State, (number: number) => boolean>> = {
  'first exchange': () => false,
  exchange: () => false,
  service: isService,
  login: (number) => isService(number) || (number >= message.authRequest && number < message.globalRequest),
  running: (number) =>
    number >= message.globalRequest || number === message.extInfo || number === message.authRequest,
}

function isService(number: number): boolean {
  return number >= message.serviceRequest && number <= message.extInfo
}
