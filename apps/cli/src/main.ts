#!/usr/bin/env node
import { defineCommand, runMain } from 'citty'

/** The command line. Every command is loaded only when it is called, so that `--help` is instant. */
const main = defineCommand({
  meta: {
    name: 'heddle',
    version: '0.1.0',
    description: "Strangers' machines do AI work for pay, and every answer has a receipt that anyone can check.",
  },
  subCommands: {
    up: () => import('./commands/up.ts').then(module => module.up),
    status: () => import('./commands/status.ts').then(module => module.status),
    receipts: () => import('./commands/receipts.ts').then(module => module.receipts),
    receipt: () => import('./commands/receipt.ts').then(module => module.receipt),
    channels: () => import('./commands/channels.ts').then(module => module.channels),
    fund: () => import('./commands/fund.ts').then(module => module.fund),
    claim: () => import('./commands/claim.ts').then(module => module.claim),
    reconcile: () => import('./commands/reconcile.ts').then(module => module.reconcile),
    providers: () => import('./commands/providers.ts').then(module => module.providers),
  },
})

await runMain(main)
