/** The numbers of SSH's messages (RFC 4250 §4.1.2, RFC 8308 §2.3, RFC 4419 §5). */
export const message = {
  disconnect: 1,
  ignore: 2,
  unimplemented: 3,
  debug: 4,
  serviceRequest: 5,
  serviceAccept: 6,
  extInfo: 7,
  kexInit: 20,
  newKeys: 21,
  kexFirst: 30,
  kexReply: 31,
  groupInit: 32,
  groupReply: 33,
  groupRequest: 34,
  authRequest: 50,
  authFailure: 51,
  authSuccess: 52,
  authBanner: 53,
  /** Its meaning depends on the method: publickey's PK_OK, keyboard-interactive's INFO_REQUEST. */
  authMore: 60,
  authInfoResponse: 61,
  globalRequest: 80,
  requestSuccess: 81,
  requestFailure: 82,
  channelOpen: 90,
  channelOpenConfirmation: 91,
  channelOpenFailure: 92,
  channelWindowAdjust: 93,
  channelData: 94,
  channelExtendedData: 95,
  channelEof: 96,
  channelClose: 97,
  channelRequest: 98,
  channelSuccess: 99,
  channelFailure: 100,
} as const

/** What a connection is doing: in each state other messages may come. */
export type State = 'first exchange' | 'exchange' | 'service' | 'login' | 'running'

/** Why a connection ends (RFC 4253 §11.1). */
export const disconnectReason = {
  hostNotAllowed: 1,
  protocolError: 2,
  keyExchangeFailed: 3,
  macError: 5,
  serviceNotAvailable: 7,
  versionNotSupported: 8,
  hostKeyNotVerifiable: 9,
  connectionLost: 10,
  byApplication: 11,
  tooManyConnections: 12,
  noMoreAuthMethods: 14,
} as const

/** Why a channel is not opened (RFC 4254 §5.1). */
export const openFailure = {
  administrativelyProhibited: 1,
  connectFailed: 2,
  unknownType: 3,
  resourceShortage: 4,
} as const
