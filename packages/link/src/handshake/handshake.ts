import {
  type Address,
  type Digest,
  type Domain,
  errorFromJson,
  HeddleError,
  randomBytes,
  type Signer,
  toHeddleError,
  toHex,
} from '@heddle/protocol'
import { implementation as crypto } from '#crypto'
import type { Connection } from '../connection.ts'
import { encodeFrame } from '../frames/frame.ts'
import {
  checkTranscript,
  type Hello,
  LINK_VERSION,
  messageOf,
  readConfirm,
  readHello,
  readWelcome,
  type Seal,
  signTranscript,
  transcriptOf,
  type Welcome,
} from './messages.ts'
import { type Records, recordsOf } from './records.ts'

/** Who one is on a link: the key that signs one's offers or one's jobs, on one chain. */
export type Identity = { signer: Signer; domain: Domain }

/** Both sides know each other, and how to talk. */
export type Shaken = {
  records: Records
  peer: Address
  session: Digest
  generation: number
  /** Counted frames that have arrived at the other side; null when the session is new. */
  arrived: number | null
}

/** The next message of a connection. Rejects with `link_lost` where it closes, `link_slow` when its time is over. */
function nextMessage(connection: Connection, milliseconds: number): Promise<Uint8Array> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      reject(new HeddleError('link_slow', `no word within ${milliseconds} ms`))
      connection.close()
    }, milliseconds)
    connection.listen({
      message(bytes) {
        // What comes next is for whoever listens next.
        connection.listen(undefined)
        clearTimeout(timer)
        resolve(bytes)
      },
      closed() {
        clearTimeout(timer)
        reject(new HeddleError('link_lost', 'the connection closed during the handshake'))
      },
    })
  })
}

function ephemeral(): { secret: Uint8Array; key: Digest } {
  const secret = randomBytes(32)
  return { secret, key: toHex(crypto.publicKey(secret)) }
}

/**
 * The dialler's side. Throws `link_unauthentic` when another than `to` answers, what the other side says when it refuses, and
 * `link_broken` for anything that is no handshake. Closes the connection when it throws.
 */
export async function shakeAsDialler(
  connection: Connection,
  options: {
    identity: Identity
    /** Whom one dials; nothing: whoever is there, as long as it signs. */
    to?: Address
    generation: number
    resumes: Hello['resumes']
    seal: Seal
    milliseconds: number
  },
): Promise<Shaken> {
  const { identity, to, generation, resumes, seal, milliseconds } = options
  try {
    if (seal === 'none' && !connection.loopback) throw insecure()
    const mine = ephemeral()
    const hello: Hello = {
      ...identity.domain,
      ephemeral: mine.key,
      generation,
      peer: identity.signer.address,
      resumes,
      seal,
      version: LINK_VERSION,
    }
    connection.send(messageOf(hello))
    const answer = readWelcome(await nextMessage(connection, milliseconds))
    if ('error' in answer) throw errorFromJson(answer.error, 'link_broken')
    const { welcome, signature } = answer
    if (to && welcome.peer !== to) throw new HeddleError('link_unauthentic', `${welcome.peer} answers, not ${to}`)
    checkTranscript('answer', hello, welcome, signature, welcome.peer)
    if (generation <= welcome.newest) throw fenced(welcome.newest)
    if (welcome.received !== null && welcome.session !== resumes?.session)
      throw new HeddleError('link_broken', 'it goes on with another session')
    const transcript = transcriptOf('dial', hello, welcome)
    const records = recordsOf('dial', { seal, secret: mine.secret, theirs: welcome.ephemeral, transcript })
    connection.send(records.seal(messageOf({ signature: signTranscript('dial', hello, welcome, identity.signer) })))
    return { records, peer: welcome.peer, session: welcome.session, generation, arrived: welcome.received }
  } catch (error) {
    connection.close()
    throw error
  }
}

/** How whoever is dialled answers: what it knows of the dialler and of its sessions. It has not proven who it is yet. */
export type Answering = {
  identity: Identity
  /** Whether records may be plain on loopback. */
  plain: boolean
  milliseconds: number
  /** The newest generation that this party has proven to dial. */
  newest(peer: Address): number
  /** Counted frames of a session of this party that have arrived here; nothing when there is none such. */
  received(peer: Address, session: Digest): number | undefined
}

/**
 * The answerer's side. Nothing of what the dialler says counts before it has signed: a hello alone, also a replayed one, fences
 * nobody. Throws `link_unauthentic`, `link_fenced`, `link_wrong_chain`, `link_insecure`, `link_broken`; the dialler is told, and the
 * connection closed.
 */
export async function shakeAsAnswerer(connection: Connection, answering: Answering): Promise<Shaken> {
  const { identity, milliseconds } = answering
  const refuse = (error: unknown): Uint8Array => messageOf({ error: toHeddleError(error).toJSON() })
  let tell = refuse
  try {
    const hello = readHello(await nextMessage(connection, milliseconds))
    checkHello(hello, connection, answering)
    const { resumes, peer, generation, seal } = hello
    const received = resumes ? answering.received(peer, resumes.session) : undefined
    const mine = ephemeral()
    const welcome: Welcome = {
      ephemeral: mine.key,
      newest: answering.newest(peer),
      peer: identity.signer.address,
      received: received ?? null,
      session: received === undefined ? toHex(randomBytes(32)) : resumes!.session,
    }
    const transcript = transcriptOf('dial', hello, welcome)
    const records = recordsOf('answer', { seal, secret: mine.secret, theirs: hello.ephemeral, transcript })
    const signature = signTranscript('answer', hello, welcome, identity.signer)
    connection.send(messageOf({ signature, welcome }))
    tell = error => records.seal(encodeFrame({ kind: 'close', code: toHeddleError(error).code }))
    const confirm = readConfirm(records.open(await nextMessage(connection, milliseconds)))
    checkTranscript('dial', hello, welcome, confirm.signature, peer)
    const newest = answering.newest(peer)
    if (generation <= newest) throw fenced(newest)
    const arrived = received === undefined ? null : resumes!.received
    return { records, peer, session: welcome.session, generation, arrived }
  } catch (error) {
    connection.send(tell(error))
    connection.close()
    throw error
  }
}

function checkHello(hello: Hello, connection: Connection, { identity, plain }: Answering): void {
  const { domain, signer } = identity
  if (hello.chainId !== domain.chainId || hello.settlement !== domain.settlement)
    throw new HeddleError('link_wrong_chain', `chain ${domain.chainId}, settlement ${domain.settlement} here`)
  if (hello.peer === signer.address) throw new HeddleError('link_unauthentic', 'this is who answers, not who dials')
  if (hello.seal === 'none' && !(plain && connection.loopback)) throw insecure()
}

const fenced = (newest: number): HeddleError =>
  new HeddleError('link_fenced', `generation ${newest} has been dialled already`, { cause: { newest } })

const insecure = (): HeddleError => new HeddleError('link_insecure', 'records may be plain on loopback only')
