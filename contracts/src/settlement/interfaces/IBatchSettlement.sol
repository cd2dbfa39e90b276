// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ChannelConfig, VoucherClaim} from "../Channel.sol";
import {IChannelDigests} from "./IChannelDigests.sol";

/// @title IBatchSettlement
/// @notice Prepaid one-way payment channels: a payer funds a channel once, signs a rising ceiling with every request, and
/// the receiver takes many channels' ceilings to the chain in one transaction.
/// @dev The interface of the x402 `batch-settlement` scheme. All amounts are in the smallest unit of the channel's token.
interface IBatchSettlement is IChannelDigests {
    /// @notice The channel got its first money, or money again after it was emptied with nothing claimed.
    event ChannelCreated(bytes32 indexed channelId, ChannelConfig config);

    /// @notice The channel is empty and nothing was ever claimed from it.
    event ChannelClosed(bytes32 indexed channelId, ChannelConfig config);

    /// @notice `amount` came in; the channel now holds `newBalance`.
    event Deposited(bytes32 indexed channelId, address indexed sender, uint128 amount, uint128 newBalance);

    /// @notice The receiver's share grew by `claimAmount` to `newTotalClaimed`.
    event Claimed(bytes32 indexed channelId, address indexed sender, uint128 claimAmount, uint128 newTotalClaimed);

    /// @notice `amount` of earned tokens went to the receiver.
    event Settled(address indexed receiver, address indexed token, address indexed sender, uint128 amount);

    /// @notice The receiver's side gave `amount` back to the payer.
    event Refunded(bytes32 indexed channelId, address indexed sender, uint128 amount);

    /// @notice The payer's side announced a withdrawal that can be finished from `finalizeAfter` on.
    event WithdrawInitiated(bytes32 indexed channelId, uint128 amount, uint40 finalizeAfter);

    /// @notice The payer's side took `amount` out.
    event WithdrawFinalized(bytes32 indexed channelId, address indexed sender, uint128 amount);

    /// @notice Puts money into a channel, opening it if it is new. Anyone may send the transaction; the payer's
    /// permission is in `collectorData`.
    /// @param config The channel.
    /// @param amount Tokens to pay in.
    /// @param collector Contract that fetches the tokens.
    /// @param collectorData The payer's permission, in the collector's own form.
    function deposit(ChannelConfig calldata config, uint128 amount, address collector, bytes calldata collectorData)
        external;

    /// @notice Books vouchers in the receiver's favour. Moves no tokens. One bad row reverts the whole batch; a row that
    /// claims no more than is booked already is passed over.
    /// @dev Only the receiver or the receiver authorizer of every row may call.
    /// @param voucherClaims The rows; at least one.
    function claim(VoucherClaim[] calldata voucherClaims) external;

    /// @notice Like `claim`, sent by anyone, under one signature of the receiver authorizer that all rows share.
    /// @param voucherClaims The rows; at least one.
    /// @param authorizerSignature Signature over `getClaimBatchDigest(voucherClaims)`.
    function claimWithSignature(VoucherClaim[] calldata voucherClaims, bytes calldata authorizerSignature) external;

    /// @notice Sends a receiver everything that is booked for it and not yet sent. Anyone may call; with nothing to
    /// send, the call does nothing.
    /// @param receiver Who is paid.
    /// @param token In which token.
    function settle(address receiver, address token) external;

    /// @notice Announces that the payer wants unclaimed money back. The receiver then has `withdrawDelay` seconds to
    /// claim what it has been promised.
    /// @dev Only the payer or the payer authorizer may call.
    /// @param config The channel.
    /// @param amount Tokens wanted; at most what is unclaimed now.
    function initiateWithdraw(ChannelConfig calldata config, uint128 amount) external;

    /// @notice Pays an announced withdrawal to the payer once its delay is over, as far as money is left.
    /// @dev Only the payer or the payer authorizer may call.
    /// @param config The channel.
    function finalizeWithdraw(ChannelConfig calldata config) external;

    /// @notice Gives unclaimed money back to the payer at once, at most as much as there is.
    /// @dev Only the receiver or the receiver authorizer may call. Uses up a refund nonce even if nothing is left.
    /// @param config The channel.
    /// @param amount Tokens to give back; above zero.
    function refund(ChannelConfig calldata config, uint128 amount) external;

    /// @notice Like `refund`, sent by anyone, under a signature of the receiver authorizer.
    /// @param config The channel.
    /// @param amount Tokens to give back; above zero.
    /// @param nonce The channel's `refundNonce`.
    /// @param receiverAuthorizerSignature Signature over `getRefundDigest(channelId, nonce, amount)`.
    function refundWithSignature(
        ChannelConfig calldata config,
        uint128 amount,
        uint256 nonce,
        bytes calldata receiverAuthorizerSignature
    ) external;

    /// @notice Shortest delay a channel may have, in seconds.
    function MIN_WITHDRAW_DELAY() external view returns (uint40);

    /// @notice Longest delay a channel may have, in seconds.
    function MAX_WITHDRAW_DELAY() external view returns (uint40);

    /// @notice Money of a channel.
    function channels(bytes32 channelId) external view returns (uint128 balance, uint128 totalClaimed);

    /// @notice Announced withdrawal of a channel.
    function pendingWithdrawals(bytes32 channelId) external view returns (uint128 amount, uint40 initiatedAt);

    /// @notice Nonce that the next signed refund of a channel must carry.
    function refundNonce(bytes32 channelId) external view returns (uint256);

    /// @notice Earnings of a receiver in a token.
    function receivers(address receiver, address token)
        external
        view
        returns (uint128 totalClaimed, uint128 totalSettled);
}
