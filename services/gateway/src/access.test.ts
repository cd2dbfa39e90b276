import assert from 'node:assert/strict'
import type { IncomingMessage } from 'node:http'
import { test } from 'node:test'
import { Access } from './access.ts'
import type { Keys } from './keys.ts'

function setup(adminToken = 'admin') {
  const time = { now: 0 }
  const access = new Access({ keys: {} as Keys, adminToken, clock: { now: () => time.now } })
  const request = (headers: Record<string, string>, method = 'GET', localPort = 8402): IncomingMessage =>
    ({ headers, method, socket: { localPort } }) as unknown as IncomingMessage
  const cookieOf = (): string => access.open(access.link(), request({}))!.split(';')[0]!
  return { access, time, request, cookieOf }
}

test('a link is good once, and for ten minutes', () => {
  const { access, time, request } = setup()
  const [first, second] = [access.link(), access.link()]
  assert.ok(access.open(first, request({})))
  assert.equal(access.open(first, request({})), undefined)
  time.now = 600_000
  assert.equal(access.open(second, request({})), undefined)
  assert.equal(access.open('', request({})), undefined)
})

test('the last hundred links are good, whoever asks for more', () => {
  const { access, request } = setup()
  const links = Array.from({ length: 150 }, () => access.link())
  assert.equal(links.filter(link => access.open(link, request({}))).length, 100)
})

test('the cookie looks and does nothing else; it is of one token and one port', () => {
  const { access, request, cookieOf } = setup()
  const cookie = cookieOf()
  assert.ok(access.isOwner(request({ cookie })))
  assert.ok(access.isOwner(request({ cookie: `a=b; ${cookie}; c=d` })))
  assert.ok(!access.isOwner(request({ cookie }, 'POST')))
  assert.ok(!access.isOwner(request({ cookie }, 'GET', 8403)))
  assert.ok(!access.isOwner(request({ cookie: setup('another').cookieOf() })))
  assert.ok(!access.isOwner(request({})))
  assert.throws(() => access.requireAdmin(request({ cookie })))
  access.requireAdmin(request({ authorization: 'Bearer admin' }, 'POST'))
})
