/**
 * Every error Heddle can raise: one row a code. A code never changes its meaning; `retryable` says whether the same
 * request can succeed later unchanged; `fix` is what the reader should do; `status` is the HTTP status at an edge.
 */
export const catalogue = {
  // What was asked
  bad_json: { status: 400, retryable: false, fix: 'Send one well-formed JSON object in UTF-8.' },
  bad_request: { status: 400, retryable: false, fix: 'Correct the field that the message names.' },
  body_too_large: { status: 413, retryable: false, fix: 'Send a smaller body; the limit is in the message.' },
  encoding_unsupported: {
    status: 415,
    retryable: false,
    fix: 'Send the body as it is, or packed with gzip, deflate, br or zstd, as content-encoding says.',
  },
  nesting_too_deep: { status: 400, retryable: false, fix: 'Send JSON with less nesting.' },
  not_found: { status: 404, retryable: false, fix: 'Check the path and the id.' },
  method_not_allowed: { status: 405, retryable: false, fix: 'Use the method that the message names.' },
  origin_refused: {
    status: 403,
    retryable: false,
    fix: "Call from a program or this daemon's own page, or have its owner say --allow-host NAME or --allow-origin ORIGIN.",
  },
  unsupported_field: { status: 400, retryable: false, fix: 'Leave the named field out.' },
  model_unknown: { status: 404, retryable: false, fix: 'List the models with GET /v1/models and use one of them.' },
  context_exceeded: { status: 400, retryable: false, fix: 'Shorten the messages or ask for fewer tokens.' },
  // Keys and caps
  key_missing: {
    status: 401,
    retryable: false,
    fix: 'Send "authorization: Bearer <key>"; heddle status prints the key.',
  },
  key_unknown: { status: 401, retryable: false, fix: 'Use a key of this gateway; heddle status prints it.' },
  key_expired: { status: 401, retryable: false, fix: 'Ask the owner of this gateway for a key that is still good.' },
  key_revoked: { status: 401, retryable: false, fix: 'Ask the owner of this gateway for another key.' },
  key_exists: { status: 409, retryable: false, fix: 'Choose another name, or revoke the key that has it.' },
  model_refused: { status: 403, retryable: false, fix: 'Ask a model that GET /v1/models lists for this key.' },
  rate_limited: { status: 429, retryable: true, fix: 'Wait as long as Retry-After says, then ask again.' },
  rate_unreachable: {
    status: 413,
    retryable: false,
    fix: "Ask for less: it is more than this key's rate ever lets through at once. Or ask for a key with a higher rate.",
  },
  cap_held: {
    status: 429,
    retryable: true,
    fix: 'Wait until what this key has running is over: it holds the rest of the cap. Or ask for fewer tokens.',
  },
  cap_reached: {
    status: 402,
    retryable: false,
    fix: 'Ask for fewer tokens, or have the owner raise the cap: heddle keys cap NAME HED.',
  },
  // Payment
  channel_unknown: {
    status: 402,
    retryable: true,
    fix: 'Open the channel (the call `channel` of docs/wire.md), then ask again.',
  },
  channel_mismatch: {
    status: 400,
    retryable: false,
    fix: 'Build the channel from the offer: receiver, authorizer, asset, delay.',
  },
  channel_underfunded: { status: 402, retryable: true, fix: 'Deposit more: heddle fund N.' },
  voucher_required: { status: 402, retryable: true, fix: 'Sign a voucher with the ceiling that the message names.' },
  voucher_decreasing: { status: 409, retryable: false, fix: 'Sign a ceiling above the last one.' },
  voucher_exceeds_deposit: {
    status: 402,
    retryable: true,
    fix: 'Deposit more before signing a higher ceiling: heddle fund N.',
  },
  voucher_signature: {
    status: 400,
    retryable: false,
    fix: "Sign with the channel's payerAuthorizer, for the offer's chain and contract.",
  },
  payer_stalled: { status: 402, retryable: true, fix: 'Raise the ceiling within five seconds of being asked.' },
  exposure_exceeded: {
    status: 402,
    retryable: false,
    fix: 'Ask for fewer tokens, or trust this provider with more exposure.',
  },
  withdrawal_begun: { status: 402, retryable: false, fix: 'Open a new channel; this one is being withdrawn.' },
  channel_overclaimed: {
    status: 409,
    retryable: false,
    fix: 'Open another channel (another salt): this one was used under another ledger than this provider has now.',
  },
  deposit_refused: { status: 402, retryable: false, fix: 'Check the balance and the authorization of the payer.' },
  token_refused: { status: 402, retryable: false, fix: 'Use an EIP-3009 token that delivers exactly what is sent.' },
  authorizer_zero: { status: 400, retryable: false, fix: 'Name a payerAuthorizer key; the zero address is refused.' },
  payment_required: {
    status: 402,
    retryable: true,
    fix: 'Pay with x402 as the PAYMENT-REQUIRED header says, or ask through a gateway.',
  },
  payment_refused: {
    status: 402,
    retryable: false,
    fix: 'Sign the payment again, from the PAYMENT-REQUIRED header of this answer.',
  },
  rail_mixed: {
    status: 409,
    retryable: false,
    fix: "Open another channel (another salt): one is used over x402 or with Heddle's own calls, never both.",
  },
  // Jobs
  job_expired: { status: 400, retryable: false, fix: 'Sign the job again with a later expiry; check the clock.' },
  job_signature: { status: 401, retryable: false, fix: "Sign the job with the channel's payerAuthorizer." },
  read_refused: {
    status: 401,
    retryable: false,
    fix: "Sign the channel's id with its payerAuthorizer: only the payer reads its jobs.",
  },
  job_running: { status: 409, retryable: true, fix: 'This job is still running; ask for its result later.' },
  job_unknown: { status: 404, retryable: false, fix: 'Ask the provider that ran the job.' },
  offer_unknown: { status: 409, retryable: true, fix: "Fetch the provider's offers again." },
  offer_expired: { status: 409, retryable: true, fix: "Fetch the provider's offers again; check the clock." },
  offer_invalid: { status: 502, retryable: false, fix: 'Do not use this provider.' },
  unsupported_by_model: {
    status: 400,
    retryable: false,
    fix: 'Leave the field out, or ask a model whose features (GET /v1/models) include it.',
  },
  busy: { status: 429, retryable: true, fix: 'Wait a moment and ask again.' },
  routing_unmatched: {
    status: 400,
    retryable: false,
    fix: 'Loosen the rule that the message names: it leaves no provider of this model.',
  },
  no_provider: { status: 503, retryable: true, fix: 'Start a provider, or wait: heddle providers shows who is up.' },
  provider_unreachable: { status: 502, retryable: true, fix: 'Ask again; another provider is chosen.' },
  engine_down: {
    status: 503,
    retryable: true,
    fix: 'Ask again in a moment. Its owner sees with heddle providers what is down: an engine of Heddle starts again by itself, another has to be started.',
  },
  engine_slow: { status: 504, retryable: true, fix: 'Ask again; another provider is chosen.' },
  engine_exposed: {
    status: 503,
    retryable: false,
    fix: 'Let the engine listen on 127.0.0.1 only (Ollama: OLLAMA_HOST=127.0.0.1; llama-server and vLLM: --host 127.0.0.1).',
  },
  engine_refused: {
    status: 502,
    retryable: true,
    fix: 'Ask again, or ask differently: the engine answered this question with an error, and works for others.',
  },
  engine_malformed: { status: 502, retryable: true, fix: 'Ask again; another provider is chosen.' },
  interrupted: { status: 502, retryable: true, fix: 'Ask again; only what was delivered is charged.' },
  aborted: { status: 499, retryable: true, fix: 'The other side closed the connection; ask again.' },
  // Receipts
  receipt_malformed: { status: 400, retryable: false, fix: 'Give the whole signed receipt as it was delivered.' },
  receipt_signature: { status: 400, retryable: false, fix: 'Do not trust this receipt: its signature does not match.' },
  receipt_signer: {
    status: 400,
    retryable: false,
    fix: 'Do not trust this receipt: another key than the pinned one signed it.',
  },
  receipt_mismatch: {
    status: 502,
    retryable: false,
    fix: 'Do not trust this receipt: it does not describe this answer.',
  },
  receipt_time: {
    status: 502,
    retryable: true,
    fix: "Set this machine's clock. If it is right, the provider's is wrong: its receipt is taken once its time has come.",
  },
  // Evidence and proofs
  evidence_malformed: {
    status: 502,
    retryable: false,
    fix: 'Keep the leaf: where its path leads to the receipt, it convicts the provider that signed.',
  },
  evidence_path: {
    status: 400,
    retryable: false,
    fix: "Do not trust this leaf: its path does not lead to the receipt's evidence.",
  },
  evidence_unknown: {
    status: 404,
    retryable: false,
    fix: 'Ask within 72 hours, for a receipt whose evidence is not null, at the provider that signed it.',
  },
  evidence_withheld: {
    status: 503,
    retryable: true,
    fix: 'Ask again within 72 hours of the receipt: a provider that sleeps is silent, not guilty.',
  },
  proof_malformed: {
    status: 400,
    retryable: false,
    fix: 'Give the whole proof as it was written; the message names what does not belong together.',
  },
  // Chain
  chain_down: { status: 503, retryable: true, fix: 'Start the chain, or correct HEDDLE_CHAIN_URL.' },
  chain_other: {
    status: 503,
    retryable: false,
    fix: 'Pay on the chain of the seller: --chain (HEDDLE_CHAIN_URL) and --asset (HEDDLE_ASSET), which its own start prints.',
  },
  chain_wrong: {
    status: 503,
    retryable: false,
    fix: 'Point --chain (HEDDLE_CHAIN_URL) at the chain that this home was made for, or take a new home: --home PATH.',
  },
  chain_reverted: {
    status: 502,
    retryable: false,
    fix: 'The contract refused the transaction; the message names its error.',
  },
  clock_skewed: { status: 503, retryable: true, fix: "Set this machine's clock." },
  // Links
  link_broken: { status: 400, retryable: false, fix: 'Speak docs/wire.md: the message names what was not of it.' },
  link_unauthentic: {
    status: 401,
    retryable: false,
    fix: 'Dial who you mean, and sign with the key that you name: that of your offers or of your jobs.',
  },
  link_wrong_chain: { status: 409, retryable: false, fix: 'Use the chain and the contract that the message names.' },
  link_fenced: {
    status: 409,
    retryable: true,
    fix: 'Dial with a higher generation than the message names, unless another program uses this key: then stop one.',
  },
  link_refused: {
    status: 403,
    retryable: false,
    fix: 'Ask the owner of that gateway to buy from your key: heddle up --buy-from KEY.',
  },
  link_insecure: { status: 403, retryable: false, fix: 'Seal the records, or speak over loopback.' },
  link_slow: { status: 504, retryable: true, fix: 'Dial again: whoever answers was busy, or is gone.' },
  link_lost: { status: 503, retryable: true, fix: 'Dial again; work that was begun is found by its id.' },
  link_full: { status: 429, retryable: true, fix: 'End some streams first, or read what has come.' },
  // The machine
  house_running: {
    status: 409,
    retryable: false,
    fix: 'Use it (heddle status), or stop it first. Another house beside it takes another --home and another --port.',
  },
  port_taken: { status: 500, retryable: true, fix: 'Choose another port with --port, or stop what listens there.' },
  disk_full: { status: 503, retryable: true, fix: 'Free some disk space; nothing was charged.' },
  ledger_newer: { status: 500, retryable: false, fix: 'Use the newer Heddle that wrote this ledger.' },
  ledger_locked: { status: 500, retryable: true, fix: 'Another daemon uses this ledger; stop it first.' },
  ledger_failed: { status: 503, retryable: true, fix: 'See the log of the daemon; nothing was charged.' },
  setting_invalid: {
    status: 500,
    retryable: false,
    fix: 'Correct the flag, the environment variable or the file that the message names.',
  },
  program_missing: {
    status: 500,
    retryable: false,
    fix: 'Install what the message names, or put it on the path.',
  },
  usage_wrong: {
    status: 400,
    retryable: false,
    fix: 'Correct the command; heddle COMMAND --help says what it takes. Nothing was done.',
  },
  keystore_locked: { status: 500, retryable: false, fix: 'Set HEDDLE_PASSPHRASE to the passphrase of this home.' },
  dev_key_refused: { status: 500, retryable: false, fix: 'Make real keys; development keys work on a devnet only.' },
  model_unavailable: {
    status: 503,
    retryable: true,
    fix: 'Set HEDDLE_MODEL to a local GGUF file, or check the network.',
  },
  model_digest: { status: 500, retryable: true, fix: 'The file is not the catalogued one; remove it and start again.' },
  model_withdrawn: {
    status: 503,
    retryable: true,
    fix: 'Ask again, another provider is chosen; its operator restores the weights or allows their new digest.',
  },
  not_running: {
    status: 503,
    retryable: true,
    fix: 'Start it with: heddle up (in a clone: npm start). Or say where it runs: --home PATH, or HEDDLE_HOME.',
  },
  home_unusable: {
    status: 500,
    retryable: false,
    fix: 'Choose a folder of your own that can be written, with --home PATH or HEDDLE_HOME, or make this one so.',
  },
  forbidden: {
    status: 403,
    retryable: false,
    fix: 'Send the key that asked, or the admin token in HEDDLE_HOME/run.json; heddle page opens the page.',
  },
  internal: { status: 500, retryable: true, fix: 'Ask again; if it stays, report the log line with this code.' },
} as const satisfies Record<string, { status: number; retryable: boolean; fix: string }>

export type ErrorCode = keyof typeof catalogue
