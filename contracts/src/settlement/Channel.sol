// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @notice What a channel is. These seven fields never change; their EIP-712 hash is the channel's identity.
/// @param payer Account that funds the channel and gets back what was not spent.
/// @param payerAuthorizer Key that signs vouchers for the payer. Zero means that the payer itself signs, which lets a
/// contract wallet answer through ERC-1271.
/// @param receiver Account that is paid.
/// @param receiverAuthorizer Account that authorises claims and refunds for the receiver. Never zero.
/// @param token ERC-20 token of every amount in the channel, in that token's smallest unit.
/// @param withdrawDelay Seconds between the payer's wish to withdraw and the withdrawal.
/// @param salt Tells apart channels whose other fields are equal.
struct ChannelConfig {
    address payer;
    address payerAuthorizer;
    address receiver;
    address receiverAuthorizer;
    address token;
    uint40 withdrawDelay;
    bytes32 salt;
}

/// @notice The money of one channel, in one storage slot.
/// @param balance Everything paid in, less what went back to the payer. Claims do not lower it.
/// @param totalClaimed The part of `balance` that belongs to the receiver.
struct ChannelState {
    uint128 balance;
    uint128 totalClaimed;
}

/// @notice A withdrawal that the payer has announced.
/// @param amount Tokens asked for; fewer may be left when the delay is over.
/// @param initiatedAt Unix time of the announcement in seconds; zero when nothing is announced.
struct WithdrawalState {
    uint128 amount;
    uint40 initiatedAt;
}

/// @notice What one receiver has earned in one token over all its channels.
/// @param totalClaimed Sum of all claims.
/// @param totalSettled The part of it that has been sent.
struct ReceiverState {
    uint128 totalClaimed;
    uint128 totalSettled;
}

/// @notice The promise of a payer: the receiver may take up to this much from the channel, counted from its first day.
/// @param channel The channel.
/// @param maxClaimableAmount Ceiling of `totalClaimed` that the payer agrees to.
struct Voucher {
    ChannelConfig channel;
    uint128 maxClaimableAmount;
}

/// @notice One row of a claim.
/// @param voucher The promise.
/// @param signature Signature of the payer's side over the voucher digest.
/// @param totalClaimed New cumulative claim. It is a total, not a difference, so a row that is sent twice counts once.
struct VoucherClaim {
    Voucher voucher;
    bytes signature;
    uint128 totalClaimed;
}
