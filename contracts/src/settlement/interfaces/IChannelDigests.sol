// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ChannelConfig, VoucherClaim} from "../Channel.sol";

/// @title IChannelDigests
/// @notice The messages that the parties of a channel sign, as 32-byte digests.
interface IChannelDigests {
    /// @notice EIP-712 type of a channel.
    function CHANNEL_CONFIG_TYPEHASH() external view returns (bytes32);

    /// @notice EIP-712 type of a voucher.
    function VOUCHER_TYPEHASH() external view returns (bytes32);

    /// @notice EIP-712 type of a refund.
    function REFUND_TYPEHASH() external view returns (bytes32);

    /// @notice EIP-712 type of one row of a batch of claims.
    function CLAIM_ENTRY_TYPEHASH() external view returns (bytes32);

    /// @notice EIP-712 type of a batch of claims.
    function CLAIM_BATCH_TYPEHASH() external view returns (bytes32);

    /// @notice Identity of a channel: the typed-data hash of its fields, bound to this chain and this contract.
    /// @param config The channel.
    function getChannelId(ChannelConfig calldata config) external view returns (bytes32);

    /// @notice What the payer's side signs to promise the receiver up to `maxClaimableAmount` in total.
    /// @param channelId The channel.
    /// @param maxClaimableAmount Ceiling in the token's smallest unit.
    function getVoucherDigest(bytes32 channelId, uint128 maxClaimableAmount) external view returns (bytes32);

    /// @notice What the receiver authorizer signs to give `amount` back to the payer.
    /// @param channelId The channel.
    /// @param nonce The channel's `refundNonce` at the time of the refund.
    /// @param amount Tokens in the smallest unit.
    function getRefundDigest(bytes32 channelId, uint256 nonce, uint128 amount) external view returns (bytes32);

    /// @notice What the receiver authorizer signs to let anyone send a batch of claims.
    /// @dev Voucher signatures are not part of the digest: the rows say what is claimed, not how it is proved. A batch
    /// without rows has a digest too, although no claim accepts it.
    /// @param voucherClaims The rows.
    function getClaimBatchDigest(VoucherClaim[] calldata voucherClaims) external view returns (bytes32);
}
