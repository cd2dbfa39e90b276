import { type Condition, readPattern } from './pattern.ts'

const DATE =
  '[0-9]{4}-(?:(?:0[13578]|1[02])-(?:0[1-9]|[12][0-9]|3[01])|(?:0[469]|11)-(?:0[1-9]|[12][0-9]|30)|02-(?:0[1-9]|1[0-9]|2[0-8]))'
const TIME = '(?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](?:\\.[0-9]{1,6})?(?:Z|[-+](?:[01][0-9]|2[0-3]):[0-5][0-9])'
const LABEL = '[a-zA-Z0-9](?:[a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?'
const HOST = `${LABEL}(?:\\.${LABEL}){0,9}`
const OCTET = '(?:25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])'
const IPV4 = `${OCTET}(?:\\.${OCTET}){3}`
const WORD = '[0-9a-fA-F]{1,4}'
/** With one gap or none; of addresses with a gap those that have no group after it or none before it, and `a:b::c:d`. */
const IPV6 = `(?:${WORD}:){7}${WORD}|::|::${WORD}(?::${WORD}){0,5}|${WORD}(?::${WORD}){0,5}::|(?:${WORD}:){1,3}(?::${WORD}){1,4}`
const PLAIN = "[A-Za-z0-9._~!$&'()*+,;=@-]"
const SEGMENT = `(?:${PLAIN}|:|%[0-9A-Fa-f]{2})`
const TAIL = `(?:/${SEGMENT}*)*(?:\\?(?:${SEGMENT}|[/?])*)?(?:#(?:${SEGMENT}|[/?])*)?`
const AUTHORITY = `(?:${HOST})(?::[0-9]{1,5})?`
const URI = `[a-z][a-z0-9+.-]{0,30}:(?://${AUTHORITY}${TAIL}|${SEGMENT}+${TAIL})`

/**
 * Formats that are promised, each as a regular expression of texts that have it for certain: fewer than all of them, such
 * as February with 28 days and only the plain form of an e-mail address. (JSON Schema 2020-12 §7.3; RFC 3339, 4122,
 * 5321, 1123, 3986, 4291.)
 */
const SOURCES: Readonly<Record<string, string>> = {
  date: DATE,
  time: TIME,
  'date-time': `${DATE}T${TIME}`,
  duration:
    'P(?:[0-9]{1,6}W|(?:[0-9]{1,6}Y(?:[0-9]{1,6}M)?(?:[0-9]{1,6}D)?|[0-9]{1,6}M(?:[0-9]{1,6}D)?|[0-9]{1,6}D)(?:T(?:[0-9]{1,6}H(?:[0-9]{1,6}M(?:[0-9]{1,6}S)?)?|[0-9]{1,6}M(?:[0-9]{1,6}S)?|[0-9]{1,6}S))?|T(?:[0-9]{1,6}H(?:[0-9]{1,6}M(?:[0-9]{1,6}S)?)?|[0-9]{1,6}M(?:[0-9]{1,6}S)?|[0-9]{1,6}S))',
  uuid: '[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}',
  email: `[a-zA-Z0-9](?:[a-zA-Z0-9_+-]{0,62}[a-zA-Z0-9])?(?:\\.[a-zA-Z0-9_+-]{1,20}){0,3}@${LABEL}(?:\\.${LABEL}){0,4}\\.[a-zA-Z]{2,24}`,
  hostname: HOST,
  ipv4: IPV4,
  ipv6: `(?:${IPV6})`,
  uri: URI,
  'uri-reference': `(?:${URI}|/(?:${SEGMENT}+${TAIL})?|#(?:${SEGMENT}|[/?])*)`,
  'json-pointer': '(?:/(?:[^/~]|~[01])*)*',
}
const SAME: Readonly<Record<string, string>> = {
  'idn-email': 'email',
  'idn-hostname': 'hostname',
  iri: 'uri',
  url: 'uri',
  'iri-reference': 'uri-reference',
  guid: 'uuid',
  datetime: 'date-time',
}

const read = new Map<string, readonly Condition[]>()

/** What a format demands of a text; undefined for a name that only describes. */
export function formatConditions(name: string): readonly Condition[] | undefined {
  const own = Object.hasOwn(SAME, name) ? SAME[name]! : name
  if (!Object.hasOwn(SOURCES, own)) return undefined
  const known = read.get(own) ?? readPattern(`^${SOURCES[own]}$`)
  read.set(own, known)
  return known
}
