import { directToLoopback } from './clients/direct.ts'

// Before anything else is loaded: what is read once, at the start.

// Nothing that is on this machine goes through a proxy.
Object.assign(process.env, directToLoopback(process.env))

// Colours are for a terminal whose owner wants them (https://no-color.org: any value but an empty one says no).
if (process.env['NO_COLOR'] || !process.stdout.isTTY || !process.stderr.isTTY) process.env['NO_COLOR'] = '1'
