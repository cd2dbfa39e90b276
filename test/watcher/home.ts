import type { TestContext } from 'node:test'
import { writeRunFile } from '../../apps/cli/src/home/index.ts'
import type { GatewayStage } from '../faults/gateway-stage.ts'
import { folder, type Stage } from '../faults/stage.ts'

/** A home in which commands find what is on the stage, as if `heddle up` had started it. */
export function homeOf(t: TestContext, { stage, gateway }: { stage: Stage; gateway: GatewayStage }): string {
  const home = folder(t)
  const { devnet } = stage
  writeRunFile(home, {
    pid: process.pid,
    adminToken: 'admin',
    chain: { url: devnet.url, chainId: devnet.chainId, asset: devnet.token, pid: null },
    gateway: { url: gateway.url, port: Number(new URL(gateway.url).port), pid: process.pid },
    providers: [],
  })
  return home
}
