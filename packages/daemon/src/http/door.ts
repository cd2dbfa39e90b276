import type { Door, Exchange, House, Pulse } from '@heddle/protocol'
import { drained } from './drained.ts'
import type { Call, Endpoint } from './edge.ts'
import { sendJson } from './edge.ts'

/** Milliseconds of silence after which a stream says that it lives, unless the operator says otherwise. */
export const USUAL_PING = 1_000

/** Mounts a door on an edge: gateway and provider mount the same one. `enter` says who asks. */
export function mountDoor(door: Door, enter: (call: Call) => Promise<House> | House, pulse?: Pulse): Endpoint[] {
  return door.routes.map(route => ({
    method: route.method,
    path: route.path,
    forPages: true,
    error: error => door.error(error),
    async handle(call) {
      const house = await enter(call)
      const body = route.method === 'POST' ? await call.json() : undefined
      await route.handle(toExchange(call, body, house, pulse))
    },
  }))
}

function toExchange(call: Call, body: unknown, house: House, pulse: Pulse | undefined): Exchange {
  const { response } = call
  return {
    params: call.params,
    body,
    header(name) {
      const value = call.request.headers[name]
      return typeof value === 'string' ? value : undefined
    },
    signal: call.signal,
    house,
    ...(pulse && pulse.every > 0 ? { pulse } : {}),
    json: (status, value, headers) => sendJson(response, status, value, headers),
    stream(status, headers) {
      response.writeHead(status, headers)
      response.socket?.setNoDelay(true)
      return {
        write: text => response.write(text),
        drained: () => drained(response),
        end: text => void response.end(text),
      }
    },
  }
}
