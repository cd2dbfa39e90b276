export { findHome, running, runningHouses } from './find.ts'
export { prepareHome } from './prepare.ts'
export * from './run-file.ts'
export { tellRunning, tellStopped } from './running.ts'
