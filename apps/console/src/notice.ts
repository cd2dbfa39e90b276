import { find } from './dom.ts'

/** "Nothing is worth money" is said of a devnet only: on a public chain it would not be true. */
export function noticeChain(devnet: boolean): void {
  find('local').hidden = !devnet
}
