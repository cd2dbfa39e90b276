import {
  type Address,
  canonical,
  type Digest,
  fromHex,
  type Hex,
  recoverStatement,
  signerOf,
  toHex,
  utf8,
} from '@heddle/protocol'
import { type Definitions, define } from '@heddle/testing/vectors'
import { implementation as crypto } from '../src/crypto/portable.ts'
import {
  encodeFrame,
  type Frame,
  type Hello,
  MAX_PAYLOAD,
  readFrames,
  recordsOf,
  type Seal,
  type Side,
  signTranscript,
  transcriptOf,
  type Welcome,
} from '../src/index.ts'

const secretOf = (byte: number): Hex => toHex(new Uint8Array(32).fill(byte))
const addressOf = (secret: Hex): Address => signerOf(fromHex(secret)).address

type FrameCase = { [K in keyof Frame]: Frame[K] } & { payload?: Hex }
const frameOf = ({ payload, ...rest }: FrameCase): Frame =>
  ({ ...rest, ...(payload === undefined ? {} : { payload: fromHex(payload) }) }) as Frame
const caseOf = (frame: Frame): FrameCase =>
  ({ ...frame, ...('payload' in frame ? { payload: toHex(frame.payload) } : {}) }) as FrameCase

const frames: readonly Frame[] = [
  { kind: 'open', stream: 1, payload: utf8('job') },
  { kind: 'data', stream: 1, payload: utf8('hello'), more: false },
  { kind: 'data', stream: 2 ** 49 - 1, payload: new Uint8Array(0), more: true },
  { kind: 'window', stream: 2, bytes: 65_536 },
  { kind: 'window', stream: 127, bytes: 128 },
  { kind: 'end', stream: 128 },
  { kind: 'reset', stream: 3, code: 'link_full' },
  { kind: 'from', count: 0 },
  { kind: 'ack', count: 16_384 },
  { kind: 'alive' },
  { kind: 'close', code: 'link_broken' },
]

type HandshakeCase = {
  dialler: { secret: Hex; ephemeral: Hex }
  answerer: { secret: Hex; ephemeral: Hex }
  hello: Omit<Hello, 'ephemeral' | 'peer'>
  welcome: Omit<Welcome, 'ephemeral' | 'peer'>
}

const keyOf = (secret: Hex): Digest => toHex(crypto.publicKey(fromHex(secret)))
const settlement: Address = `0x${'5e'.repeat(20)}`
const session = secretOf(0x77)
const base: HandshakeCase = {
  dialler: { secret: secretOf(1), ephemeral: secretOf(0x11) },
  answerer: { secret: secretOf(2), ephemeral: secretOf(0x22) },
  hello: { chainId: 31_337, generation: 1_800_000_000_000, resumes: null, seal: 'aes-256-gcm', settlement, version: 1 },
  welcome: { newest: 0, received: null, session },
}
const handshakes: readonly HandshakeCase[] = [
  base,
  {
    ...base,
    hello: { ...base.hello, generation: 1_800_000_000_001, resumes: { received: 42, session } },
    welcome: { newest: 1_800_000_000_000, received: 7, session },
  },
  { ...base, hello: { ...base.hello, chainId: 8453, seal: 'none' } },
]

const helloOf = ({ hello, dialler }: HandshakeCase): Hello => ({
  ...hello,
  ephemeral: keyOf(dialler.ephemeral),
  peer: addressOf(dialler.secret),
})
const welcomeOf = ({ welcome, answerer }: HandshakeCase): Welcome => ({
  ...welcome,
  ephemeral: keyOf(answerer.ephemeral),
  peer: addressOf(answerer.secret),
})

function handshake(one: HandshakeCase) {
  const [hello, welcome] = [helloOf(one), welcomeOf(one)]
  const signed = (side: Side, secret: Hex) => {
    const signature = signTranscript(side, hello, welcome, signerOf(fromHex(secret)))
    const transcript = transcriptOf(side, hello, welcome)
    const { chainId, settlement: contract } = hello
    const by = recoverStatement({ chainId, settlement: contract }, 'link', transcript, signature)
    return { transcript, signature, by }
  }
  return {
    hello: canonical(hello),
    welcome: canonical(welcome),
    answer: signed('answer', one.answerer.secret),
    dial: signed('dial', one.dialler.secret),
  }
}

type RecordCase = HandshakeCase & { plain: Hex[] }
const records: readonly RecordCase[] = [
  { ...base, plain: [toHex(encodeFrame({ kind: 'from', count: 0 })), '0x', toHex(utf8('hello'))] },
]

function sealed({ plain, ...one }: RecordCase) {
  const [hello, welcome] = [helloOf(one), welcomeOf(one)]
  const transcript = transcriptOf('dial', hello, welcome)
  const seal: Seal = hello.seal
  const of = (side: Side, mine: Hex, theirs: Hex) =>
    recordsOf(side, { seal, secret: fromHex(mine), theirs: keyOf(theirs), transcript })
  const dialler = of('dial', one.dialler.ephemeral, one.answerer.ephemeral)
  const answerer = of('answer', one.answerer.ephemeral, one.dialler.ephemeral)
  return {
    shared: toHex(crypto.agree(fromHex(one.dialler.ephemeral), fromHex(keyOf(one.answerer.ephemeral)))!),
    dialler: plain.map(bytes => toHex(dialler.seal(fromHex(bytes)))),
    answerer: plain.map(bytes => toHex(answerer.seal(fromHex(bytes)))),
  }
}

const SOURCE = 'docs/wire.md'

export const definitions: Definitions = {
  frames: define({
    source: `${SOURCE}, Frames: at most ${MAX_PAYLOAD} bytes each`,
    inputs: frames.map(caseOf),
    compute: input => {
      const bytes = encodeFrame(frameOf(input))
      return { bytes: toHex(bytes), read: readFrames(bytes).map(caseOf) }
    },
  }),
  handshake: define({
    source: `${SOURCE}, Handshake: EIP-712 Statement(string kind,bytes32 digest), kind "link", over sha256 of the RFC 8785 transcript`,
    inputs: handshakes,
    compute: handshake,
  }),
  records: define({
    source: `${SOURCE}, Records: X25519 (RFC 7748), HKDF-SHA256 (RFC 5869), AES-256-GCM (NIST SP 800-38D)`,
    inputs: records,
    compute: sealed,
  }),
}
