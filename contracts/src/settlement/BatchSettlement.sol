// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {Multicall} from "@openzeppelin/contracts/utils/Multicall.sol";
import {ReentrancyGuardTransient} from "@openzeppelin/contracts/utils/ReentrancyGuardTransient.sol";
import {ECDSA} from "@openzeppelin/contracts/utils/cryptography/ECDSA.sol";
import {SignatureChecker} from "@openzeppelin/contracts/utils/cryptography/SignatureChecker.sol";

import {ChannelConfig, ChannelState, ReceiverState, VoucherClaim, WithdrawalState} from "./Channel.sol";
import {ChannelDigests} from "./ChannelDigests.sol";
import {IBatchSettlement} from "./interfaces/IBatchSettlement.sol";
import {IDepositCollector} from "./interfaces/IDepositCollector.sol";
import {Errors} from "./libraries/Errors.sol";

/// @title BatchSettlement
/// @notice Prepaid one-way payment channels after the x402 `batch-settlement` scheme; see `IBatchSettlement` for what
/// each function promises.
/// @dev Three rules keep the money whole. A channel's claims never exceed its balance. Money leaves a channel only to
/// its payer and only from the unclaimed part. Money leaves for a receiver only against what was claimed for it.
///
/// The contract has no owner, no fee and no way to be changed. The constructor writes no storage, so the contract can
/// be placed at an agreed address on a development chain by running its creation code there.
///
/// Tokens that take a fee on transfer fail at deposit. A token whose balances move by themselves breaks the first rule
/// for its own channels, not for those of other tokens.
contract BatchSettlement is IBatchSettlement, ChannelDigests, Multicall, ReentrancyGuardTransient {
    using SafeERC20 for IERC20;

    /// @inheritdoc IBatchSettlement
    uint40 public constant MIN_WITHDRAW_DELAY = 15 minutes;

    /// @inheritdoc IBatchSettlement
    uint40 public constant MAX_WITHDRAW_DELAY = 30 days;

    /// @inheritdoc IBatchSettlement
    mapping(bytes32 channelId => ChannelState) public channels;

    /// @inheritdoc IBatchSettlement
    mapping(bytes32 channelId => uint256) public refundNonce;

    /// @inheritdoc IBatchSettlement
    mapping(bytes32 channelId => WithdrawalState) public pendingWithdrawals;

    /// @inheritdoc IBatchSettlement
    mapping(address receiver => mapping(address token => ReceiverState)) public receivers;

    /// @inheritdoc IBatchSettlement
    function deposit(ChannelConfig calldata config, uint128 amount, address collector, bytes calldata collectorData)
        external
        nonReentrant
    {
        _requireUsable(config);
        if (amount == 0) revert Errors.ZeroDeposit();
        if (collector == address(0)) revert Errors.InvalidCollector();

        bytes32 channelId = getChannelId(config);
        uint128 newBalance = _credit(channelId, amount);

        // What the collector does is its own affair; what counts is what arrived.
        IERC20 token = IERC20(config.token);
        uint256 heldBefore = token.balanceOf(address(this));
        IDepositCollector(collector).collect(config.payer, address(token), amount, channelId, collectorData);
        if (token.balanceOf(address(this)) != heldBefore + amount) revert Errors.DepositCollectionFailed();

        // A channel that held nothing had nothing claimed from it either: claims never exceed the balance.
        if (newBalance == amount) emit ChannelCreated(channelId, config);
        emit Deposited(channelId, msg.sender, amount, newBalance);
    }

    /// @inheritdoc IBatchSettlement
    function claim(VoucherClaim[] calldata voucherClaims) external nonReentrant {
        uint256 length = voucherClaims.length;
        if (length == 0) revert Errors.EmptyBatch();

        for (uint256 i = 0; i < length; ++i) {
            VoucherClaim calldata row = voucherClaims[i];
            if (!_isReceiverSide(row.voucher.channel)) revert Errors.NotAuthorizedToClaim();
            _book(row, getChannelId(row.voucher.channel));
        }
    }

    /// @inheritdoc IBatchSettlement
    function claimWithSignature(VoucherClaim[] calldata voucherClaims, bytes calldata authorizerSignature)
        external
        nonReentrant
    {
        uint256 length = voucherClaims.length;
        if (length == 0) revert Errors.EmptyBatch();

        address authorizer = voucherClaims[0].voucher.channel.receiverAuthorizer;
        (bytes32 digest, bytes32[] memory channelIds) = _hashBatch(voucherClaims);
        _requireSignature(authorizer, digest, authorizerSignature);

        for (uint256 i = 0; i < length; ++i) {
            VoucherClaim calldata row = voucherClaims[i];
            if (row.voucher.channel.receiverAuthorizer != authorizer) revert Errors.NotReceiverAuthorizer();
            _book(row, channelIds[i]);
        }
    }

    /// @inheritdoc IBatchSettlement
    function settle(address receiver, address token) external nonReentrant {
        ReceiverState storage earnings = receivers[receiver][token];
        uint128 totalClaimed = earnings.totalClaimed;
        uint128 amount = totalClaimed - earnings.totalSettled;
        if (amount == 0) return;

        earnings.totalSettled = totalClaimed;
        IERC20(token).safeTransfer(receiver, amount);

        emit Settled(receiver, token, msg.sender, amount);
    }

    /// @inheritdoc IBatchSettlement
    function initiateWithdraw(ChannelConfig calldata config, uint128 amount) external nonReentrant {
        if (!_isPayerSide(config)) revert Errors.InvalidChannel();
        if (amount == 0) revert Errors.NothingToWithdraw();

        bytes32 channelId = getChannelId(config);
        WithdrawalState storage withdrawal = pendingWithdrawals[channelId];
        if (withdrawal.initiatedAt != 0) revert Errors.WithdrawalAlreadyPending();
        if (amount > _unclaimed(channels[channelId])) revert Errors.WithdrawAmountExceedsAvailable();

        uint40 initiatedAt = uint40(block.timestamp);
        withdrawal.amount = amount;
        withdrawal.initiatedAt = initiatedAt;

        emit WithdrawInitiated(channelId, amount, initiatedAt + config.withdrawDelay);
    }

    /// @inheritdoc IBatchSettlement
    function finalizeWithdraw(ChannelConfig calldata config) external nonReentrant {
        if (!_isPayerSide(config)) revert Errors.NotAuthorizedToFinalizeWithdraw();

        bytes32 channelId = getChannelId(config);
        WithdrawalState memory withdrawal = pendingWithdrawals[channelId];
        if (withdrawal.initiatedAt == 0) revert Errors.WithdrawalNotPending();
        if (block.timestamp < uint256(withdrawal.initiatedAt) + config.withdrawDelay) {
            revert Errors.WithdrawDelayNotElapsed();
        }

        // Claims made during the delay come first; the payer gets what they left.
        ChannelState storage channel = channels[channelId];
        uint128 amount = _min(withdrawal.amount, _unclaimed(channel));

        delete pendingWithdrawals[channelId];
        channel.balance -= amount;

        emit WithdrawFinalized(channelId, msg.sender, amount);
        _announceIfClosed(channelId, channel, config);
        if (amount > 0) IERC20(config.token).safeTransfer(config.payer, amount);
    }

    /// @inheritdoc IBatchSettlement
    function refund(ChannelConfig calldata config, uint128 amount) external nonReentrant {
        if (!_isReceiverSide(config)) revert Errors.NotAuthorizedToRefund();
        _giveBack(config, getChannelId(config), amount);
    }

    /// @inheritdoc IBatchSettlement
    function refundWithSignature(
        ChannelConfig calldata config,
        uint128 amount,
        uint256 nonce,
        bytes calldata receiverAuthorizerSignature
    ) external nonReentrant {
        bytes32 channelId = getChannelId(config);
        if (nonce != refundNonce[channelId]) revert Errors.InvalidRefundNonce();

        bytes32 digest = getRefundDigest(channelId, nonce, amount);
        _requireSignature(config.receiverAuthorizer, digest, receiverAuthorizerSignature);
        _giveBack(config, channelId, amount);
    }

    /// @dev Refuses a channel that could not work: one without a party or a token, or with a delay too short for the
    /// receiver to react or too long for the payer to wait.
    function _requireUsable(ChannelConfig calldata config) private pure {
        if (config.payer == address(0)) revert Errors.InvalidChannel();
        if (config.receiver == address(0)) revert Errors.InvalidChannel();
        if (config.receiverAuthorizer == address(0)) revert Errors.InvalidChannel();
        if (config.token == address(0)) revert Errors.InvalidChannel();
        if (config.withdrawDelay < MIN_WITHDRAW_DELAY || config.withdrawDelay > MAX_WITHDRAW_DELAY) {
            revert Errors.WithdrawDelayOutOfRange();
        }
    }

    /// @dev Adds a deposit to a channel and returns the new balance.
    function _credit(bytes32 channelId, uint128 amount) private returns (uint128 newBalance) {
        ChannelState storage channel = channels[channelId];
        uint128 balance = channel.balance;
        if (amount > type(uint128).max - balance) revert Errors.DepositOverflow();
        newBalance = balance + amount;
        channel.balance = newBalance;
    }

    /// @dev Books one row of a claim. A row at or below what is booked already changes nothing and is not even checked,
    /// so that a batch survives when one of its rows was claimed by an earlier transaction.
    function _book(VoucherClaim calldata row, bytes32 channelId) private {
        ChannelState storage channel = channels[channelId];
        uint128 claimedBefore = channel.totalClaimed;
        uint128 balance = channel.balance;
        uint128 totalClaimed = row.totalClaimed;
        if (totalClaimed <= claimedBefore) return;

        uint128 ceiling = row.voucher.maxClaimableAmount;
        if (totalClaimed > ceiling) revert Errors.ClaimExceedsCeiling();
        if (totalClaimed > balance) revert Errors.ClaimExceedsBalance();
        _requireVoucher(row, getVoucherDigest(channelId, ceiling));

        uint128 claimAmount = totalClaimed - claimedBefore;
        channel.totalClaimed = totalClaimed;
        receivers[row.voucher.channel.receiver][row.voucher.channel.token].totalClaimed += claimAmount;

        emit Claimed(channelId, msg.sender, claimAmount, totalClaimed);
    }

    /// @dev Returns unclaimed money to the payer. The nonce moves first and always, so that every refund ends the life
    /// of all refunds signed before it.
    function _giveBack(ChannelConfig calldata config, bytes32 channelId, uint128 requested) private {
        if (requested == 0) revert Errors.ZeroRefund();
        unchecked {
            ++refundNonce[channelId];
        }

        ChannelState storage channel = channels[channelId];
        uint128 amount = _min(requested, _unclaimed(channel));
        if (amount == 0) return;

        channel.balance -= amount;
        _shrinkWithdrawal(channelId, amount);

        emit Refunded(channelId, msg.sender, amount);
        _announceIfClosed(channelId, channel, config);
        IERC20(config.token).safeTransfer(config.payer, amount);
    }

    /// @dev Takes a refund off an announced withdrawal: the payer has that much of its wish already.
    function _shrinkWithdrawal(bytes32 channelId, uint128 refunded) private {
        WithdrawalState storage withdrawal = pendingWithdrawals[channelId];
        if (withdrawal.initiatedAt == 0) return;

        uint128 announced = withdrawal.amount;
        if (refunded >= announced) {
            delete pendingWithdrawals[channelId];
        } else {
            withdrawal.amount = announced - refunded;
        }
    }

    /// @dev Tells indexers that a channel is as if it had never been: claims never exceed the balance, so an empty
    /// channel is one without claims.
    function _announceIfClosed(bytes32 channelId, ChannelState storage channel, ChannelConfig calldata config) private {
        if (channel.balance == 0) emit ChannelClosed(channelId, config);
    }

    /// @dev Checks the payer's promise. A named authorizer is always a plain key, which spares a look at its code; only
    /// without one is the payer asked, who may be a contract wallet.
    function _requireVoucher(VoucherClaim calldata row, bytes32 digest) private view {
        address authorizer = row.voucher.channel.payerAuthorizer;
        if (authorizer == address(0)) {
            _requireSignature(row.voucher.channel.payer, digest, row.signature);
        } else if (ECDSA.recoverCalldata(digest, row.signature) != authorizer) {
            revert Errors.InvalidSignature();
        }
    }

    /// @dev Checks a signature of a plain key or, through ERC-1271, of a contract wallet.
    function _requireSignature(address signer, bytes32 digest, bytes calldata signature) private view {
        if (!SignatureChecker.isValidSignatureNowCalldata(signer, digest, signature)) revert Errors.InvalidSignature();
    }

    /// @dev Whether the caller speaks for the receiver.
    function _isReceiverSide(ChannelConfig calldata config) private view returns (bool) {
        return msg.sender == config.receiverAuthorizer || msg.sender == config.receiver;
    }

    /// @dev Whether the caller speaks for the payer.
    function _isPayerSide(ChannelConfig calldata config) private view returns (bool) {
        return msg.sender == config.payer || msg.sender == config.payerAuthorizer;
    }

    /// @dev What neither side has taken yet.
    function _unclaimed(ChannelState storage channel) private view returns (uint128) {
        return channel.balance - channel.totalClaimed;
    }

    function _min(uint128 a, uint128 b) private pure returns (uint128) {
        return a < b ? a : b;
    }
}
