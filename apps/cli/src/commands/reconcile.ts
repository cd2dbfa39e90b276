import { existsSync } from 'node:fs'
import { connect } from '@heddle/chain'
import { readSnapshot } from '@heddle/ledger'
import { callWitness, reconcile as reconcileLedgers } from '@heddle/payments'
import { type Address, formatUnits, HeddleError } from '@heddle/protocol'
import { defineCommand } from 'citty'
import { call } from '../call.ts'
import { findHome, ledgerFile, running } from '../home/index.ts'
import { commonArgs, printJson, report } from '../report.ts'

export const reconcile = defineCommand({
  meta: { name: 'reconcile', description: 'Hold both ledgers and the chain against each other' },
  args: commonArgs,
  run: ({ args }) =>
    report(args, async () => {
      const home = findHome(args.home)
      const run = running(home)
      await call(`${run.gateway.url}/heddle/1/admin/recover`, { method: 'POST', token: run.adminToken }).catch(
        () => undefined,
      )
      const files = ['gateway', ...run.providers.map(provider => provider.name)].map(name => ledgerFile(home, name))
      for (const file of files) if (!existsSync(file)) throw new HeddleError('not_found', `no ledger at ${file}`)
      const status = await call<{ payer: Address }>(`${run.gateway.url}/heddle/1/status`, {
        token: run.adminToken,
      }).catch(() => undefined)
      const [gateway, ...providers] = files.map(readSnapshot)
      const client = connect(run.chain.url, run.chain.chainId)
      const witness = await callWitness(client, run.chain.asset as Address, [gateway!, ...providers])
      const result = await reconcileLedgers(
        { name: 'gateway', ledger: gateway!, ...(status ? { address: status.payer } : {}) },
        providers.map((ledger, i) => ({
          name: run.providers[i]!.name,
          address: run.providers[i]!.address as Address,
          ledger,
        })),
        witness,
      )
      if (args.json) printJson(result)
      else {
        console.log(
          `${result.green ? '✓ green' : '✗ red'}: ${result.rows} rows held against each other and the chain, ${result.running} jobs running`,
        )
        const { receipts, charge } = result.keyless
        if (receipts > 0)
          console.log(
            `  ${formatUnits(BigInt(charge))} HED of ${receipts} ${receipts === 1 ? 'receipt' : 'receipts'} are charged to no key: recovered, and it is not known who asked`,
          )
        if (result.apart.length > 0)
          console.log(
            `  ${result.apart.length} channels not checkable against a second ledger here; held against signatures and the chain:`,
          )
        for (const one of result.apart) console.log(`  · ${one.ledger}.${one.table} ${one.row}: ${one.why}`)
        for (const one of result.findings) console.log(`  ${one.ledger}.${one.table} ${one.row}: ${one.problem}`)
      }
      if (!result.green) process.exitCode = 1
    }),
})
