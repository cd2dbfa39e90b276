// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @title Errors
/// @notice Every reason for which the settlement contract and its collector refuse a call.
library Errors {
    /// @notice A required address of the channel is zero, or the caller is not on the payer's side.
    error InvalidChannel();

    /// @notice A deposit of nothing.
    error ZeroDeposit();

    /// @notice The channel's balance would not fit in 128 bits.
    error DepositOverflow();

    /// @notice The signature is not by the account that has to sign.
    error InvalidSignature();

    /// @notice A row of a signed batch has another receiver authorizer than the first row.
    error NotReceiverAuthorizer();

    /// @notice Only the receiver or its authorizer may claim without a signature.
    error NotAuthorizedToClaim();

    /// @notice Only the receiver or its authorizer may refund without a signature.
    error NotAuthorizedToRefund();

    /// @notice The claim is above what the payer has signed.
    error ClaimExceedsCeiling();

    /// @notice The claim is above what the channel holds.
    error ClaimExceedsBalance();

    /// @notice The channel has an announced withdrawal already.
    error WithdrawalAlreadyPending();

    /// @notice The channel has no announced withdrawal.
    error WithdrawalNotPending();

    /// @notice Only the payer or its authorizer may finish a withdrawal.
    error NotAuthorizedToFinalizeWithdraw();

    /// @notice The withdrawal delay is not over.
    error WithdrawDelayNotElapsed();

    /// @notice A withdrawal of nothing.
    error NothingToWithdraw();

    /// @notice The withdrawal is above what is unclaimed in the channel.
    error WithdrawAmountExceedsAvailable();

    /// @notice The delay is below fifteen minutes or above thirty days.
    error WithdrawDelayOutOfRange();

    /// @notice A claim without rows.
    error EmptyBatch();

    /// @notice The collector did not bring exactly the amount of the deposit.
    error DepositCollectionFailed();

    /// @notice The collector is the zero address.
    error InvalidCollector();

    /// @notice The refund was signed for another nonce than the channel's next one.
    error InvalidRefundNonce();

    /// @notice A refund of nothing.
    error ZeroRefund();

    /// @notice A collector was called by somebody else than its settlement contract.
    error OnlyX402BatchSettlement();

    /// @notice A collector was built for the zero address.
    error InvalidX402BatchSettlementAddress();
}
