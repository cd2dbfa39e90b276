// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ECDSA} from "@openzeppelin/contracts/utils/cryptography/ECDSA.sol";

import {ChannelConfig, VoucherClaim} from "../../src/settlement/Channel.sol";
import {Errors} from "../../src/settlement/libraries/Errors.sol";
import {Settlement} from "../support/Contracts.sol";
import {Protocol} from "../support/Protocol.sol";

/// @notice Signatures that are good somewhere else, or were good in another form, are refused here.
contract ForgedSignaturesTest is Protocol {
    ChannelConfig private config;

    function setUp() public override {
        super.setUp();
        config = channelWith(1);
        fund(config, 10e18);
    }

    /// The twin of a voucher signature is refused.
    function test_refusesMalleatedVoucher() external {
        bytes32 digest = settlement.getVoucherDigest(settlement.getChannelId(config), 1e18);
        bytes memory twin = malleated(PAYER_AUTHORIZER_KEY, digest);
        bytes32 s;
        assembly ("memory-safe") {
            s := mload(add(twin, 0x40))
        }
        VoucherClaim[] memory batch = only(rowSigned(config, 1e18, 1e18, twin));
        vm.prank(receiver);
        vm.expectRevert(abi.encodeWithSelector(ECDSA.ECDSAInvalidSignatureS.selector, s));
        settlement.claim(batch);
    }

    function test_refusesMalleatedPayerSignature() external {
        config.payerAuthorizer = address(0);
        fund(config, 1e18);
        bytes32 digest = settlement.getVoucherDigest(settlement.getChannelId(config), 1e18);
        VoucherClaim[] memory batch = only(rowSigned(config, 1e18, 1e18, malleated(PAYER_KEY, digest)));
        vm.prank(receiver);
        vm.expectRevert(Errors.InvalidSignature.selector);
        settlement.claim(batch);
    }

    function test_refusesMalleatedConsent() external {
        VoucherClaim[] memory batch = only(row(config, 1e18, 1e18));
        bytes memory twin = malleated(RECEIVER_AUTHORIZER_KEY, settlement.getClaimBatchDigest(batch));
        vm.expectRevert(Errors.InvalidSignature.selector);
        settlement.claimWithSignature(batch, twin);

        twin = malleated(RECEIVER_AUTHORIZER_KEY, settlement.getRefundDigest(settlement.getChannelId(config), 0, 1));
        vm.expectRevert(Errors.InvalidSignature.selector);
        settlement.refundWithSignature(config, 1, 0, twin);
    }

    /// A voucher signed for another chain, on which the same contract has the same address, is worth nothing here.
    function test_refusesVoucherOfForeignChain() external {
        uint256 home = block.chainid;
        vm.chainId(home + 1);
        VoucherClaim[] memory batch = only(row(config, 1e18, 1e18));
        bytes memory proof = consent(batch);
        vm.chainId(home);

        vm.prank(receiver);
        vm.expectRevert(Errors.InvalidSignature.selector);
        settlement.claim(batch);
        vm.expectRevert(Errors.InvalidSignature.selector);
        settlement.claimWithSignature(batch, proof);
    }

    /// After a split of the chain, a channel of the old chain has another name on the new one: its vouchers are void
    /// there, because nothing was ever paid in under the new name.
    function test_splitChainDoesNotShareVouchers() external {
        VoucherClaim[] memory batch = only(row(config, 1e18, 1e18));
        vm.chainId(block.chainid + 1);
        vm.prank(receiver);
        vm.expectRevert(Errors.ClaimExceedsBalance.selector);
        settlement.claim(batch);
    }

    /// A voucher for another copy of the contract is worth nothing here.
    function test_refusesVoucherOfAnotherContract() external {
        Settlement elsewhere = Settlement(deployed("BatchSettlement.sol:BatchSettlement", ""));
        bytes32 digest = elsewhere.getVoucherDigest(elsewhere.getChannelId(config), 1e18);
        VoucherClaim[] memory batch = only(rowSigned(config, 1e18, 1e18, signature(PAYER_AUTHORIZER_KEY, digest)));
        vm.prank(receiver);
        vm.expectRevert(Errors.InvalidSignature.selector);
        settlement.claim(batch);
    }

    /// A refund signature is no voucher and no consent to a claim.
    function test_messagesOfDifferentKindsDoNotMix() external {
        VoucherClaim[] memory batch = only(row(config, 1e18, 1e18));
        bytes memory forRefund = refundConsent(config, 0, 1e18);
        vm.expectRevert(Errors.InvalidSignature.selector);
        settlement.claimWithSignature(batch, forRefund);
    }

    /// Nobody's signature recovers to the zero address and passes for a channel without authorizer.
    function testFuzz_randomSignaturesAreRefused(bytes32 r, bytes32 s, uint8 v, bool isAuthorizerZero) external {
        if (isAuthorizerZero) {
            config.payerAuthorizer = address(0);
            fund(config, 1e18);
        }
        VoucherClaim[] memory batch = only(rowSigned(config, 1e18, 1e18, abi.encodePacked(r, s, v)));
        vm.prank(receiver);
        vm.expectRevert();
        settlement.claim(batch);
    }
}
