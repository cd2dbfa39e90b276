// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {EIP712} from "solady/utils/EIP712.sol";
import {EfficientHashLib} from "solady/utils/EfficientHashLib.sol";

import {ChannelConfig, VoucherClaim} from "./Channel.sol";
import {IChannelDigests} from "./interfaces/IChannelDigests.sol";

/// @title ChannelDigests
/// @notice The EIP-712 messages of the settlement contract: who a channel is, and what its parties sign.
/// @dev The domain separator is an immutable that belongs to the chain and the address the constructor ran on. Should
/// the chain split and change its id, it is computed anew, so that no signature holds on both sides of the split.
abstract contract ChannelDigests is IChannelDigests, EIP712 {
    /// @inheritdoc IChannelDigests
    bytes32 public constant CHANNEL_CONFIG_TYPEHASH = keccak256(
        "ChannelConfig(address payer,address payerAuthorizer,address receiver,address receiverAuthorizer,address token,uint40 withdrawDelay,bytes32 salt)"
    );

    /// @inheritdoc IChannelDigests
    bytes32 public constant VOUCHER_TYPEHASH = keccak256("Voucher(bytes32 channelId,uint128 maxClaimableAmount)");

    /// @inheritdoc IChannelDigests
    bytes32 public constant REFUND_TYPEHASH = keccak256("Refund(bytes32 channelId,uint256 nonce,uint128 amount)");

    /// @inheritdoc IChannelDigests
    bytes32 public constant CLAIM_ENTRY_TYPEHASH =
        keccak256("ClaimEntry(bytes32 channelId,uint128 maxClaimableAmount,uint128 totalClaimed)");

    /// @inheritdoc IChannelDigests
    bytes32 public constant CLAIM_BATCH_TYPEHASH = keccak256(
        "ClaimBatch(ClaimEntry[] claims)ClaimEntry(bytes32 channelId,uint128 maxClaimableAmount,uint128 totalClaimed)"
    );

    /// @inheritdoc IChannelDigests
    function getChannelId(ChannelConfig calldata config) public view returns (bytes32) {
        return _hashTypedData(_hashConfig(config));
    }

    /// @inheritdoc IChannelDigests
    function getVoucherDigest(bytes32 channelId, uint128 maxClaimableAmount) public view returns (bytes32) {
        return _hashTypedData(EfficientHashLib.hash(VOUCHER_TYPEHASH, channelId, bytes32(uint256(maxClaimableAmount))));
    }

    /// @inheritdoc IChannelDigests
    function getRefundDigest(bytes32 channelId, uint256 nonce, uint128 amount) public view returns (bytes32) {
        return
            _hashTypedData(EfficientHashLib.hash(REFUND_TYPEHASH, channelId, bytes32(nonce), bytes32(uint256(amount))));
    }

    /// @inheritdoc IChannelDigests
    function getClaimBatchDigest(VoucherClaim[] calldata voucherClaims) public view returns (bytes32) {
        (bytes32 digest,) = _hashBatch(voucherClaims);
        return digest;
    }

    /// @dev Digest of a batch, and the channel ids met on the way, because hashing a channel twice is what a claim can
    /// save.
    function _hashBatch(VoucherClaim[] calldata voucherClaims)
        internal
        view
        returns (bytes32 digest, bytes32[] memory channelIds)
    {
        uint256 length = voucherClaims.length;
        channelIds = new bytes32[](length);
        bytes32[] memory entries = new bytes32[](length);

        for (uint256 i = 0; i < length; ++i) {
            VoucherClaim calldata row = voucherClaims[i];
            bytes32 channelId = getChannelId(row.voucher.channel);
            channelIds[i] = channelId;
            entries[i] = EfficientHashLib.hash(
                CLAIM_ENTRY_TYPEHASH,
                channelId,
                bytes32(uint256(row.voucher.maxClaimableAmount)),
                bytes32(uint256(row.totalClaimed))
            );
        }

        digest = _hashTypedData(EfficientHashLib.hash(CLAIM_BATCH_TYPEHASH, EfficientHashLib.hash(entries)));
    }

    /// @dev Struct hash of a channel. A channel lies in calldata exactly as EIP-712 wants it hashed, so it is copied as
    /// one piece instead of field by field. What the copy skips is the check that every value fits its type; without
    /// it, one channel would have many ids, so the check is made here for all fields at once.
    function _hashConfig(ChannelConfig calldata config) internal pure returns (bytes32 structHash) {
        bytes32 typeHash = CHANNEL_CONFIG_TYPEHASH;
        assembly ("memory-safe") {
            let words := mload(0x40)
            mstore(words, typeHash)
            calldatacopy(add(words, 0x20), config, 0xe0)

            let addresses :=
                or(
                    or(or(mload(add(words, 0x20)), mload(add(words, 0x40))), mload(add(words, 0x60))),
                    or(mload(add(words, 0x80)), mload(add(words, 0xa0)))
                )
            if or(shr(160, addresses), shr(40, mload(add(words, 0xc0)))) { revert(0x00, 0x00) }

            structHash := keccak256(words, 0x100)
        }
    }

    /// @dev Name and version of the signing domain; both are part of every signature.
    function _domainNameAndVersion() internal pure override returns (string memory name, string memory version) {
        name = "x402 Batch Settlement";
        version = "1";
    }
}
