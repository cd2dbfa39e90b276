/**
 * How a channel's money moves: vouchers in Heddle's own calls, where one channel carries many jobs at once, or x402's
 * HTTP headers, one request at a time. A channel is used with one of them for good: the two count a ceiling differently.
 */
export type Rail = 'native' | 'x402'
