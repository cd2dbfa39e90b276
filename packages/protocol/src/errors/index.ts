/** The errors alone: for a thread or a process that should stay small. */
export { catalogue, type ErrorCode } from './catalogue.ts'
export * from './heddle-error.ts'
