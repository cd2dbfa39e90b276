import { randomBytes } from 'node:crypto'
import { StdioServerTransport } from '@modelcontextprotocol/sdk/server/stdio.js'
import { defineCommand } from 'citty'
import { call } from '../call.ts'
import { amountOf } from '../command-line/values.ts'
import { findHome, type RunFile, running } from '../home/index.ts'
import { Gateway } from '../mcp/gateway.ts'
import { createMcpServer } from '../mcp/server.ts'
import { Spending } from '../mcp/spending.ts'
import { commonArgs, report } from '../report.ts'

/** How long a session's key is good, should nobody revoke it. */
const LIFETIME = 86_400_000

export const mcp = defineCommand({
  meta: { name: 'mcp', description: 'Serve ask, quote, receipts and balance to an MCP client, over stdio' },
  args: {
    ...commonArgs,
    cap: { type: 'string', description: 'HED that this session may spend', default: '0.1' },
  },
  run: ({ args }) =>
    report(args, async () => {
      const cap = amountOf('--cap', args.cap)
      const { url, key, close } = await enter(findHome(args.home), cap)
      const server = createMcpServer(new Gateway(url, key), new Spending(cap), '0.1.0')
      const ended = new Promise<void>(resolve => {
        server.server.onclose = resolve
        process.stdin.once('end', resolve).once('close', resolve)
        process.once('SIGINT', resolve).once('SIGTERM', resolve)
      })
      await server.connect(new StdioServerTransport())
      await ended
      await close()
      await server.close()
      process.stdin.destroy()
    }),
})

type Entered = { url: string; key: string; close(): Promise<void> }

/** The gateway to ask and the key to ask it with: the one of HEDDLE_API_KEY, or a key for this session alone. */
async function enter(home: string, cap: bigint): Promise<Entered> {
  const given = process.env['HEDDLE_API_KEY']
  const url = process.env['HEDDLE_URL']
  if (given && url) return { url: url.replace(/\/+$/, ''), key: given, close: async () => undefined }
  const run = running(home)
  if (given) return { url: run.gateway.url, key: given, close: async () => undefined }
  return ownKey(run, cap)
}

async function ownKey({ gateway, adminToken }: RunFile, cap: bigint): Promise<Entered> {
  const name = `mcp-${randomBytes(4).toString('hex')}`
  const keys = `${gateway.url}/heddle/1/admin/keys`
  const body = { name, cap: cap.toString(), expires: Date.now() + LIFETIME }
  const { key } = await call<{ key: string }>(keys, { method: 'POST', token: adminToken, body })
  const close = async (): Promise<void> => {
    await call(`${keys}/${name}`, { method: 'DELETE', token: adminToken }).catch(() => undefined)
  }
  return { url: gateway.url, key, close }
}
