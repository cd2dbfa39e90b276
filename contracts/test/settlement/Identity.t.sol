// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ChannelConfig, VoucherClaim} from "../../src/settlement/Channel.sol";
import {IChannelDigests} from "../../src/settlement/interfaces/IChannelDigests.sol";
import {IBatchSettlement} from "../../src/settlement/interfaces/IBatchSettlement.sol";
import {Settlement} from "../support/Contracts.sol";
import {Protocol} from "../support/Protocol.sol";

/// @notice Who a channel is and what its parties sign, computed here a second time from EIP-712 alone.
contract IdentityTest is Protocol {
    string private constant CONFIG_TYPE =
        "ChannelConfig(address payer,address payerAuthorizer,address receiver,address receiverAuthorizer,address token,uint40 withdrawDelay,bytes32 salt)";
    string private constant ENTRY_TYPE =
        "ClaimEntry(bytes32 channelId,uint128 maxClaimableAmount,uint128 totalClaimed)";

    /// The types are the ones that the scheme names; wallets show them to their users.
    function test_typeHashes() external view {
        vm.assertEq(settlement.CHANNEL_CONFIG_TYPEHASH(), keccak256(bytes(CONFIG_TYPE)), "channel");
        vm.assertEq(
            settlement.VOUCHER_TYPEHASH(), keccak256("Voucher(bytes32 channelId,uint128 maxClaimableAmount)"), "voucher"
        );
        vm.assertEq(
            settlement.REFUND_TYPEHASH(), keccak256("Refund(bytes32 channelId,uint256 nonce,uint128 amount)"), "refund"
        );
        vm.assertEq(settlement.CLAIM_ENTRY_TYPEHASH(), keccak256(bytes(ENTRY_TYPE)), "entry");
        vm.assertEq(
            settlement.CLAIM_BATCH_TYPEHASH(),
            keccak256(abi.encodePacked("ClaimBatch(ClaimEntry[] claims)", ENTRY_TYPE)),
            "batch"
        );
    }

    /// The domain is readable on chain as EIP-5267 wants it.
    function test_domain() external view {
        (
            bytes1 fields,
            string memory name,
            string memory version,
            uint256 chainId,
            address verifyingContract,
            bytes32 salt,
            uint256[] memory extensions
        ) = settlement.eip712Domain();
        vm.assertEq(bytes32(fields), bytes32(bytes1(0x0f)), "name, version, chain, contract");
        vm.assertEq(name, "x402 Batch Settlement", "name");
        vm.assertEq(version, "1", "version");
        vm.assertEq(chainId, block.chainid, "chain");
        vm.assertEq(verifyingContract, SETTLEMENT, "contract");
        vm.assertEq(salt, bytes32(0), "no salt");
        vm.assertEq(extensions.length, 0, "no extensions");
    }

    function testFuzz_channelId(ChannelConfig calldata config) external view {
        bytes32 structHash = keccak256(
            abi.encode(
                keccak256(bytes(CONFIG_TYPE)),
                config.payer,
                config.payerAuthorizer,
                config.receiver,
                config.receiverAuthorizer,
                config.token,
                config.withdrawDelay,
                config.salt
            )
        );
        vm.assertEq(settlement.getChannelId(config), digest(structHash), "typed-data hash of the fields");
    }

    function testFuzz_voucherDigest(bytes32 channelId, uint128 ceiling) external view {
        bytes32 structHash = keccak256(
            abi.encode(keccak256("Voucher(bytes32 channelId,uint128 maxClaimableAmount)"), channelId, ceiling)
        );
        vm.assertEq(settlement.getVoucherDigest(channelId, ceiling), digest(structHash), "voucher");
    }

    function testFuzz_refundDigest(bytes32 channelId, uint256 nonce, uint128 amount) external view {
        bytes32 structHash = keccak256(
            abi.encode(keccak256("Refund(bytes32 channelId,uint256 nonce,uint128 amount)"), channelId, nonce, amount)
        );
        vm.assertEq(settlement.getRefundDigest(channelId, nonce, amount), digest(structHash), "refund");
    }

    function testFuzz_claimBatchDigest(uint8 length, uint256 seed) external view {
        VoucherClaim[] memory batch = new VoucherClaim[](length % 9);
        bytes memory entries;
        for (uint256 i = 0; i < batch.length; ++i) {
            uint128 ceiling = uint128(uint256(keccak256(abi.encode(seed, i))));
            batch[i] = rowSigned(channelWith(seed ^ i), ceiling, ceiling / 2, "not part of the digest");
            bytes32 channelId = settlement.getChannelId(batch[i].voucher.channel);
            entries = bytes.concat(
                entries, keccak256(abi.encode(keccak256(bytes(ENTRY_TYPE)), channelId, ceiling, ceiling / 2))
            );
        }
        bytes32 structHash = keccak256(
            abi.encode(keccak256(abi.encodePacked("ClaimBatch(ClaimEntry[] claims)", ENTRY_TYPE)), keccak256(entries))
        );
        vm.assertEq(settlement.getClaimBatchDigest(batch), digest(structHash), "batch");
    }

    /// Each field makes another channel.
    function test_everyFieldCounts() external view {
        bytes32 channelId = settlement.getChannelId(channelWith(1));
        ChannelConfig[7] memory changed;
        for (uint256 i = 0; i < 7; ++i) {
            changed[i] = channelWith(1);
        }
        changed[0].payer = stranger;
        changed[1].payerAuthorizer = stranger;
        changed[2].receiver = stranger;
        changed[3].receiverAuthorizer = stranger;
        changed[4].token = stranger;
        changed[5].withdrawDelay = DELAY + 1;
        changed[6].salt = bytes32(uint256(2));
        for (uint256 i = 0; i < 7; ++i) {
            vm.assertNotEq(settlement.getChannelId(changed[i]), channelId, "another channel");
        }
    }

    /// Values that do not fit their types are refused, or one channel would go by many names.
    function test_refusesValuesThatDoNotFitTheirTypes() external view {
        bytes memory call = abi.encodeCall(IChannelDigests.getChannelId, (channelWith(1)));
        (bool success,) = SETTLEMENT.staticcall(call);
        vm.assertTrue(success, "clean values");

        for (uint256 field = 0; field < 6; ++field) {
            uint256 firstUnusedByte = field == 5 ? 32 - 6 : 32 - 21;
            bytes memory dirty = bytes.concat(call);
            dirty[4 + 32 * field + firstUnusedByte] = 0x01;
            (success,) = SETTLEMENT.staticcall(dirty);
            vm.assertFalse(success, "one bit too many");
        }
    }

    /// Another contract or another chain is another domain, and the channel has another name there.
    function test_domainIsThisContractOnThisChain() external {
        bytes32 here = settlement.getChannelId(channelWith(1));
        Settlement elsewhere = Settlement(deployed("BatchSettlement.sol:BatchSettlement", ""));
        vm.assertNotEq(elsewhere.getChannelId(channelWith(1)), here, "another contract");

        uint256 chainId = block.chainid;
        vm.chainId(chainId + 1);
        bytes32 afterSplit = settlement.getChannelId(channelWith(1));
        vm.assertNotEq(afterSplit, here, "another chain");
        vm.chainId(chainId);
        vm.assertEq(settlement.getChannelId(channelWith(1)), here, "the same again");
    }

    /// The constructor writes no storage and knows the address it runs at, so the contract can be placed anywhere.
    function test_placementNeedsNoStorage() external {
        address target = address(0x402);
        vm.record();
        place("BatchSettlement.sol:BatchSettlement", "", target);
        (, bytes32[] memory writes) = vm.accesses(target);
        vm.assertEq(writes.length, 0, "no storage written");
        (,,,, address verifyingContract,,) = Settlement(target).eip712Domain();
        vm.assertEq(verifyingContract, target, "its own address");

        vm.etch(target, address(settlement).code);
        vm.assertNotEq(
            Settlement(target).getChannelId(channelWith(1)),
            settlement.getChannelId(channelWith(1)),
            "code that was moved does not take its domain along"
        );
    }

    function test_interfaceIsComplete() external view {
        IBatchSettlement viaInterface = IBatchSettlement(SETTLEMENT);
        vm.assertEq(viaInterface.MIN_WITHDRAW_DELAY(), 15 minutes, "shortest delay");
        vm.assertEq(viaInterface.MAX_WITHDRAW_DELAY(), 30 days, "longest delay");
    }

    /// @dev Typed-data digest in the settlement contract's domain, from first principles.
    function digest(bytes32 structHash) private view returns (bytes32) {
        bytes32 domain = keccak256(
            abi.encode(
                keccak256("EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)"),
                keccak256("x402 Batch Settlement"),
                keccak256("1"),
                block.chainid,
                SETTLEMENT
            )
        );
        return keccak256(abi.encodePacked(hex"1901", domain, structHash));
    }
}
