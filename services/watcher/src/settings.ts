import type { CheckerSettings } from '@heddle/workloads/checkers'

/** What canaries ask: questions of the watcher's own writing, or what others asked, of another provider. */
export type CanaryContent = 'written' | 'traffic'

/** What a watcher process is started with. Its ordinary API key, where it has one, comes in HEDDLE_API_KEY. */
export type WatcherSettings = {
  home: string
  port: number
  /** The gateway's URL, and its admin token. */
  gateway: string
  adminToken: string
  /** The share of the traffic that is checked, 0 … 1. */
  share: number
  /** Questions of its own; 0: none. */
  canariesPerHour: number
  canaryContent: CanaryContent
  /** What answers are held against. */
  checkers: CheckerSettings
}
