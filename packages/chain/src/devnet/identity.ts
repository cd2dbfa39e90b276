/** Devnets have chain ids of their own in this range, so no signature made on one counts anywhere else. */
export const DEVNET_CHAIN_IDS = { from: 0x48ed_0000, to: 0x48ed_ffff } as const

export const isDevnet = (chainId: number): boolean => chainId >= DEVNET_CHAIN_IDS.from && chainId <= DEVNET_CHAIN_IDS.to
