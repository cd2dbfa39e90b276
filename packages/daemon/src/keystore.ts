import { createCipheriv, createDecipheriv, randomBytes, scryptSync } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { HeddleError } from '@heddle/protocol'
import { asStorageError } from './storage.ts'

const SCRYPT = { N: 1 << 14, r: 8, p: 1 } as const

type StoredKeys = {
  version: 1
  /** Keys made for a devnet are refused elsewhere. */
  development: boolean
  salt: string
  keys: Record<string, { iv: string; tag: string; secret: string }>
}

/**
 * Opens the keys of one daemon, made at first use: each of the named keys is 32 random bytes, encrypted with
 * AES-256-GCM under a scrypt key of the passphrase. Throws `keystore_locked` for a wrong passphrase,
 * `dev_key_refused` when keys made for a devnet are to be used elsewhere.
 */
export function openKeystore<N extends string>(options: {
  file: string
  passphrase: string
  names: readonly N[]
  devnet: boolean
}): Record<N, Uint8Array> {
  const { file, passphrase, names, devnet } = options
  const stored: StoredKeys = existsSync(file)
    ? readStored(file)
    : { version: 1, development: devnet, salt: randomBytes(16).toString('hex'), keys: {} }
  if (stored.development && !devnet) throw new HeddleError('dev_key_refused', file)
  const key = scryptSync(passphrase, Buffer.from(stored.salt, 'hex'), 32, SCRYPT)
  // What is there is opened first: a wrong passphrase must not add keys that the right one cannot open.
  for (const [name, kept] of Object.entries(stored.keys)) decrypt(key, name, kept, file)
  const missing = names.filter(name => !stored.keys[name])
  for (const name of missing) stored.keys[name] = encrypt(key, name, randomBytes(32))
  if (missing.length > 0) save(file, stored)
  const opened = names.map(name => [name, decrypt(key, name, stored.keys[name]!, file)] as const)
  return Object.fromEntries(opened) as Record<N, Uint8Array>
}

function readStored(file: string): StoredKeys {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as StoredKeys
  } catch (cause) {
    if (cause instanceof SyntaxError) throw new HeddleError('home_unusable', `${file}: it is damaged`, { cause })
    throw asStorageError(cause)
  }
}

function encrypt(key: Buffer, name: string, secret: Buffer) {
  const iv = randomBytes(12)
  const cipher = createCipheriv('aes-256-gcm', key, iv).setAAD(Buffer.from(name))
  const bytes = Buffer.concat([cipher.update(secret), cipher.final()])
  return { iv: iv.toString('hex'), tag: cipher.getAuthTag().toString('hex'), secret: bytes.toString('hex') }
}

function decrypt(key: Buffer, name: string, stored: StoredKeys['keys'][string], file: string): Uint8Array {
  const decipher = createDecipheriv('aes-256-gcm', key, Buffer.from(stored.iv, 'hex')).setAAD(Buffer.from(name))
  decipher.setAuthTag(Buffer.from(stored.tag, 'hex'))
  try {
    return new Uint8Array(Buffer.concat([decipher.update(Buffer.from(stored.secret, 'hex')), decipher.final()]))
  } catch (cause) {
    throw new HeddleError('keystore_locked', file, { cause })
  }
}

function save(file: string, stored: StoredKeys): void {
  mkdirSync(dirname(file), { recursive: true })
  writeFileSync(`${file}.new`, JSON.stringify(stored, null, 2), { mode: 0o600, flush: true })
  renameSync(`${file}.new`, file)
}
