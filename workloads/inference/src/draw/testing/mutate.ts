type Random = (below: number) => number

const EDGES = [0, 1, 2, 31, 32, 33, 127, 128, 254, 255]

/** One of some byte strings, changed in one to three places: for fuzzing. */
export function mutateBytes(random: Random, from: readonly Uint8Array[]): Uint8Array {
  let bytes: Uint8Array = from[random(from.length)]!.slice()
  for (let times = random(3); times >= 0; times--) bytes = mutateOnce(random, bytes, from)
  return bytes
}

function mutateOnce(random: Random, bytes: Uint8Array, from: readonly Uint8Array[]): Uint8Array {
  const at = random(bytes.length + 1)
  switch (random(8)) {
    case 0:
      return bytes.subarray(0, at)
    case 1: {
      const longer = new Uint8Array(bytes.length + 1)
      longer.set(bytes.subarray(0, at))
      longer[at] = random(256)
      longer.set(bytes.subarray(at), at + 1)
      return longer
    }
    case 2: {
      const shorter = bytes.slice(0, Math.max(0, bytes.length - 1))
      shorter.set(bytes.subarray(at + 1), Math.min(at, shorter.length))
      return shorter
    }
    case 3: {
      const other = from[random(from.length)]!
      const spliced = bytes.slice()
      spliced.set(other.subarray(at, Math.min(other.length, bytes.length)), Math.min(at, bytes.length))
      return spliced
    }
    case 4:
      if (at < bytes.length) bytes[at] = EDGES[random(EDGES.length)]!
      return bytes
    case 5:
      if (at < bytes.length) bytes[at] = random(256)
      return bytes
    case 6:
      if (at < bytes.length) bytes[at]! += random(2) === 0 ? 1 : 255
      return bytes
    default:
      if (at < bytes.length) bytes[at]! ^= 1 << random(8)
      return bytes
  }
}

/** Another character of the same kind, so that JSON mostly stays JSON. */
function otherCharacter(random: Random, char: string): string {
  if (/[0-9]/.test(char)) return String(random(10))
  if (/[a-f]/.test(char)) return 'abcdef0123456789'[random(16)]!
  if (/[a-z]/.test(char)) return String.fromCharCode(97 + random(26))
  return String.fromCharCode(32 + random(95))
}

/** One of some texts, changed in one or two places: for fuzzing. */
export function mutateText(random: Random, from: readonly string[]): string {
  let text = from[random(from.length)]!
  for (let times = random(2); times >= 0; times--) {
    const at = random(text.length)
    switch (random(8)) {
      case 0:
        text = text.slice(0, at) + text.slice(at + 1)
        break
      case 1:
        text = text.slice(0, at) + text[at] + text.slice(at)
        break
      case 2: {
        const other = from[random(from.length)]!
        const end = at + random(80)
        text = text.slice(0, at) + other.slice(at, end) + text.slice(end)
        break
      }
      case 3: {
        // A member twice, or one that strangers add.
        const brace = text.indexOf('{', at)
        const added = ['"path":null,', '"__proto__":{},', '"more":1,', '"size":1,', '"version":1,'][random(5)]!
        if (brace >= 0) text = text.slice(0, brace + 1) + added + text.slice(brace + 1)
        break
      }
      default:
        text = text.slice(0, at) + otherCharacter(random, text[at] ?? '0') + text.slice(at + 1)
    }
    if (text === '') return '{}'
  }
  return text
}
