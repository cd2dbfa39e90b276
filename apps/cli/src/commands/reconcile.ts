import { defineCommand } from 'citty'
export const reconcile = defineCommand({})
