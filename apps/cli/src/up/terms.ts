/** The terms of a home that runs everything on one machine, in base units of test HED (18 decimals). */
export const terms = {
  /** Per token. The second provider is a little dearer, so that choosing means something. */
  prices: [
    { prompt: 2_000_000_000_000n, cached: 500_000_000_000n, completion: 6_000_000_000_000n },
    { prompt: 2_100_000_000_000n, cached: 525_000_000_000n, completion: 6_300_000_000_000n },
  ],
  exposure: 50_000_000_000_000_000n,
  minDeposit: 10_000_000_000_000_000n,
  deposit: 1_000_000_000_000_000_000n,
  cap: 1_000_000_000_000_000_000n,
  wallet: 100_000_000_000_000_000_000n,
  withdrawDelay: 3_600,
  claim: { threshold: 50_000_000_000_000_000n, tick: 5_000, sweep: 600_000 },
} as const
