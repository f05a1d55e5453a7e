import { createSecretKey } from 'node:crypto'
import { chachaOpener, chachaSealer } from './chacha.ts'
import { streamOpener, streamSealer, type PacketMac } from './stream.ts'
import { gcmOpener, gcmSealer } from './gcm.ts'
import type { Opener } from './opener.ts'
import type { Sealer } from './sealer.ts'

/** Key material of one direction. */
export interface DirectionKeys {
  readonly iv: Uint8Array
  readonly key: Uint8Array
  readonly mac: Uint8Array
}

export interface Cipher {
  readonly name: string
  readonly key: number
  readonly iv: number
  /** Whether it authenticates by itself: then no MAC is agreed on. */
  readonly authenticates: boolean
  sealer(keys: DirectionKeys, mac: Mac): Sealer
  opener(keys: DirectionKeys, mac: Mac): Opener
}

/** A MAC by itself; with a cipher that authenticates there is none. */
export interface Mac {
  readonly name: string
  readonly hash: string
  readonly length: number
  readonly early: boolean
}

/** The ciphers, in the order in which a client of ours wants them. */
export const ciphers: readonly Cipher[] = [
  gcm('aes128-gcm@openssh.com', 'aes-128-gcm', 16),
  gcm('aes256-gcm@openssh.com', 'aes-256-gcm', 32),
  {
    name: 'chacha20-poly1305@openssh.com',
    key: 64,
    iv: 0,
    authenticates: true,
    sealer: ({ key }) => chachaSealer(key),
    opener: ({ key }) => chachaOpener(key),
  },
  ctr('aes128-ctr', 'aes-128-ctr', 16),
  ctr('aes192-ctr', 'aes-192-ctr', 24),
  ctr('aes256-ctr', 'aes-256-ctr', 32),
]

/** Only where somebody asks for them by name, for an old device. */
export const legacyCiphers: readonly Cipher[] = [
  cbc('aes128-cbc', 'aes-128-cbc', 16, 16),
  cbc('aes256-cbc', 'aes-256-cbc', 32, 16),
  cbc('3des-cbc', 'des-ede3-cbc', 24, 8),
]

export const macs: readonly Mac[] = [
  { name: 'hmac-sha2-256-etm@openssh.com', hash: 'sha256', length: 32, early: true },
  { name: 'hmac-sha2-512-etm@openssh.com', hash: 'sha512', length: 64, early: true },
  { name: 'hmac-sha2-256', hash: 'sha256', length: 32, early: false },
  { name: 'hmac-sha2-512', hash: 'sha512', length: 64, early: false },
]

export const legacyMacs: readonly Mac[] = [{ name: 'hmac-sha1', hash: 'sha1', length: 20, early: false }]

function gcm(name: string, node: 'aes-128-gcm' | 'aes-256-gcm', key: number): Cipher {
  return {
    name,
    key,
    iv: 12,
    authenticates: true,
    sealer: (keys) => gcmSealer(node, keys.key, keys.iv),
    opener: (keys) => gcmOpener(node, keys.key, keys.iv),
  }
}

function ctr(name: string, node: string, key: number): Cipher {
  return {
    name,
    key,
    iv: 16,
    authenticates: false,
    sealer: (keys, mac) => streamSealer(node, keys, packetMac(keys, mac), 16),
    opener: (keys, mac) => streamOpener(node, keys, packetMac(keys, mac), 16),
  }
}

function cbc(name: string, node: string, key: number, block: number): Cipher {
  return {
    name,
    key,
    iv: block,
    authenticates: false,
    sealer: (keys, mac) => streamSealer(node, keys, packetMac(keys, mac), block),
    opener: (keys, mac) => streamOpener(node, keys, packetMac(keys, mac), block),
  }
}

function packetMac({ mac: key }: DirectionKeys, { hash, length, early }: Mac): PacketMac {
  return { hash, length, early, key: createSecretKey(key) }
}
