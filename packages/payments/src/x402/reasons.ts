/**
 * Why a payment is refused, in the words that x402's clients know (errors of the schemes on EVM, @x402/evm 2.27). A
 * client corrects itself on `mismatch` alone.
 */
export const reasons = {
  mismatch: 'invalid_batch_settlement_evm_cumulative_amount_mismatch',
  voucherSignature: 'invalid_batch_settlement_evm_voucher_signature',
  channelId: 'invalid_batch_settlement_evm_channel_id_mismatch',
  channelTerms: 'invalid_batch_settlement_evm_receiver_mismatch',
  channelBusy: 'invalid_batch_settlement_evm_channel_busy',
  aboveBalance: 'invalid_batch_settlement_evm_cumulative_exceeds_balance',
  deposit: 'invalid_batch_settlement_evm_deposit_transaction_failed',
  depositTooSmall: 'invalid_batch_settlement_evm_deposit_below_min_deposit',
  exactSignature: 'invalid_exact_evm_signature',
  exactUsed: 'invalid_exact_evm_nonce_already_used',
  exactExpired: 'invalid_exact_evm_payload_authorization_valid_before',
  payload: 'invalid_payload',
  terms: 'invalid_payment_requirements',
} as const
