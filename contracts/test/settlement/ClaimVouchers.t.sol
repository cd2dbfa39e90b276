// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ECDSA} from "@openzeppelin/contracts/utils/cryptography/ECDSA.sol";

import {ChannelConfig, VoucherClaim} from "../../src/settlement/Channel.sol";
import {IBatchSettlement} from "../../src/settlement/interfaces/IBatchSettlement.sol";
import {Errors} from "../../src/settlement/libraries/Errors.sol";
import {ContractWallet} from "../support/ContractWallet.sol";
import {Protocol} from "../support/Protocol.sol";

/// @notice The receiver's side takes signed vouchers to the chain.
contract ClaimVouchersTest is Protocol {
    ChannelConfig private config;
    ChannelConfig private other;

    function setUp() public override {
        super.setUp();
        config = channelWith(1);
        other = channelWith(2);
        fund(config, 10e18);
        fund(other, 10e18);
    }

    /// A claim books what the receiver has earned. It may be less than the voucher allows, and moves no tokens.
    function test_claimBooksTheEarnings() external {
        VoucherClaim[] memory batch = only(row(config, 5e18, 3e18));

        vm.expectEmit(true, true, true, true, SETTLEMENT);
        emit IBatchSettlement.Claimed(settlement.getChannelId(config), receiver, 3e18, 3e18);
        vm.prank(receiver);
        settlement.claim(batch);

        vm.assertEq(claimedOf(config), 3e18, "claimed");
        vm.assertEq(balanceOf(config), 10e18, "the balance stays");
        vm.assertEq(earned(), 3e18, "earnings");
        vm.assertEq(token.balanceOf(receiver), 0, "nothing moved");
    }

    /// Amounts are totals, so a second voucher adds only what is above the first.
    function test_laterVoucherAddsTheDifference() external {
        claimed(config, 3e18);
        VoucherClaim[] memory batch = only(row(config, 4e18, 4e18));

        vm.expectEmit(true, true, true, true, SETTLEMENT);
        emit IBatchSettlement.Claimed(settlement.getChannelId(config), receiverAuthorizer, 1e18, 4e18);
        vm.prank(receiverAuthorizer);
        settlement.claim(batch);
        vm.assertEq(earned(), 4e18, "not seven");
    }

    /// A row that claims nothing new is passed over without a look at its signature; the rest of the batch goes on.
    function test_oldRowIsPassedOver() external {
        claimed(config, 3e18);
        VoucherClaim[] memory batch = new VoucherClaim[](3);
        batch[0] = rowSigned(config, 3e18, 3e18, "no signature at all");
        batch[1] = rowSigned(config, 1e18, 2e18, "");
        batch[2] = row(other, 2e18, 2e18);

        vm.prank(receiver);
        settlement.claim(batch);
        vm.assertEq(claimedOf(config), 3e18, "unchanged");
        vm.assertEq(claimedOf(other), 2e18, "claimed");
        vm.assertEq(earned(), 5e18, "sum");
    }

    /// The same channel may appear twice in a batch.
    function test_sameChannelTwice() external {
        VoucherClaim[] memory batch = new VoucherClaim[](2);
        batch[0] = row(config, 1e18, 1e18);
        batch[1] = row(config, 4e18, 3e18);
        vm.prank(receiver);
        settlement.claim(batch);
        vm.assertEq(earned(), 3e18, "counted once");
    }

    /// One bad row takes the whole batch down: a batch is all or nothing.
    function test_oneBadRowRevertsTheBatch() external {
        VoucherClaim[] memory batch = new VoucherClaim[](2);
        batch[0] = row(config, 1e18, 1e18);
        batch[1] = row(other, 1e18, 2e18);
        vm.prank(receiver);
        vm.expectRevert(Errors.ClaimExceedsCeiling.selector);
        settlement.claim(batch);
        vm.assertEq(claimedOf(config), 0, "the good row did not stay");
    }

    function test_refusesEmptyBatch() external {
        VoucherClaim[] memory none = new VoucherClaim[](0);
        vm.expectRevert(Errors.EmptyBatch.selector);
        settlement.claim(none);
        vm.expectRevert(Errors.EmptyBatch.selector);
        settlement.claimWithSignature(none, "");
    }

    /// Without a signature only the receiver's side may claim, and for every row.
    function test_refusesOthers() external {
        VoucherClaim[] memory batch = new VoucherClaim[](2);
        batch[0] = row(config, 1e18, 1e18);
        other.receiver = other.receiverAuthorizer = stranger;
        batch[1] = row(other, 1e18, 1e18);

        address[4] memory callers = [payer, payerAuthorizer, stranger, receiver];
        for (uint256 i = 0; i < callers.length; ++i) {
            vm.prank(callers[i]);
            vm.expectRevert(Errors.NotAuthorizedToClaim.selector);
            settlement.claim(batch);
        }
    }

    function test_refusesAboveTheCeiling() external {
        refusesRow(row(config, 3e18, 3e18 + 1), Errors.ClaimExceedsCeiling.selector);
    }

    /// A voucher above the balance is good up to the balance.
    function test_refusesAboveTheBalance() external {
        refusesRow(row(config, 20e18, 10e18 + 1), Errors.ClaimExceedsBalance.selector);
        VoucherClaim[] memory batch = only(row(config, 20e18, 10e18));
        vm.prank(receiver);
        settlement.claim(batch);
        vm.assertEq(earned(), 10e18, "everything");
    }

    function test_refusesChannelWithoutMoney() external {
        refusesRow(row(channelWith(3), 1, 1), Errors.ClaimExceedsBalance.selector);
    }

    /// With a payer authorizer named, not even the payer itself can sign vouchers.
    function test_refusesVoucherOfAnotherSigner() external {
        bytes32 digest = settlement.getVoucherDigest(settlement.getChannelId(config), 1e18);
        refusesRow(rowSigned(config, 1e18, 1e18, signature(PAYER_KEY, digest)), Errors.InvalidSignature.selector);
        refusesRow(rowSigned(config, 1e18, 1e18, signature(STRANGER_KEY, digest)), Errors.InvalidSignature.selector);
    }

    /// A voucher holds for its ceiling and its channel only.
    function test_refusesVoucherOfAnotherCeilingOrChannel() external {
        bytes memory proof = row(config, 1e18, 1e18).signature;
        refusesRow(rowSigned(config, 2e18, 2e18, proof), Errors.InvalidSignature.selector);
        refusesRow(rowSigned(other, 1e18, 1e18, proof), Errors.InvalidSignature.selector);
    }

    /// Malformed signatures are refused with the reason the signature library gives.
    function test_refusesMalformedSignature() external {
        bytes memory good = row(config, 1e18, 1e18).signature;
        bytes memory short = new bytes(64);
        for (uint256 i = 0; i < 64; ++i) {
            short[i] = good[i];
        }
        VoucherClaim[] memory batch = only(rowSigned(config, 1e18, 1e18, short));
        vm.prank(receiver);
        vm.expectRevert(abi.encodeWithSelector(ECDSA.ECDSAInvalidSignatureLength.selector, 64));
        settlement.claim(batch);

        good[64] = bytes1(uint8(29));
        refusesRow(rowSigned(config, 1e18, 1e18, good), ECDSA.ECDSAInvalidSignature.selector);
    }

    /// Anyone may send a batch that the receiver authorizer has signed.
    function test_strangerRelaysSignedBatch() external {
        VoucherClaim[] memory batch = new VoucherClaim[](2);
        batch[0] = row(config, 1e18, 1e18);
        batch[1] = row(other, 2e18, 2e18);
        bytes memory proof = consent(batch);

        vm.expectEmit(true, true, true, true, SETTLEMENT);
        emit IBatchSettlement.Claimed(settlement.getChannelId(config), stranger, 1e18, 1e18);
        vm.expectEmit(true, true, true, true, SETTLEMENT);
        emit IBatchSettlement.Claimed(settlement.getChannelId(other), stranger, 2e18, 2e18);
        vm.prank(stranger);
        settlement.claimWithSignature(batch, proof);
        vm.assertEq(earned(), 3e18, "both rows");

        vm.prank(stranger);
        settlement.claimWithSignature(batch, proof);
        vm.assertEq(earned(), 3e18, "a second time changes nothing");
    }

    /// The receiver authorizer may be a contract.
    function test_contractAuthorizesBatch() external {
        config.receiverAuthorizer = address(new ContractWallet(stranger));
        fund(config, 1e18);
        VoucherClaim[] memory batch = only(row(config, 1e18, 1e18));
        settlement.claimWithSignature(batch, signature(STRANGER_KEY, settlement.getClaimBatchDigest(batch)));
        vm.assertEq(earned(), 1e18, "claimed");
    }

    function test_refusesBatchSignedByAnother() external {
        VoucherClaim[] memory batch = only(row(config, 1e18, 1e18));
        bytes32 digest = settlement.getClaimBatchDigest(batch);
        bytes memory proof = signature(STRANGER_KEY, digest);
        vm.expectRevert(Errors.InvalidSignature.selector);
        settlement.claimWithSignature(batch, proof);
        vm.expectRevert(Errors.InvalidSignature.selector);
        settlement.claimWithSignature(batch, "");
    }

    /// A relayer can neither raise, add nor drop a row.
    function test_refusesChangedBatch() external {
        VoucherClaim[] memory batch = new VoucherClaim[](2);
        batch[0] = row(config, 5e18, 1e18);
        batch[1] = row(other, 5e18, 1e18);
        bytes memory proof = consent(batch);

        batch[0].totalClaimed = 2e18;
        vm.expectRevert(Errors.InvalidSignature.selector);
        settlement.claimWithSignature(batch, proof);

        VoucherClaim[] memory shorter = only(row(config, 5e18, 1e18));
        vm.expectRevert(Errors.InvalidSignature.selector);
        settlement.claimWithSignature(shorter, proof);
    }

    /// All rows of a signed batch have the authorizer of the first.
    function test_refusesRowsOfTwoAuthorizers() external {
        other.receiverAuthorizer = stranger;
        VoucherClaim[] memory batch = new VoucherClaim[](2);
        batch[0] = row(config, 1e18, 1e18);
        batch[1] = row(other, 1e18, 1e18);
        bytes memory proof = consent(batch);
        vm.expectRevert(Errors.NotReceiverAuthorizer.selector);
        settlement.claimWithSignature(batch, proof);
    }

    function refusesRow(VoucherClaim memory claim, bytes4 reason) private {
        VoucherClaim[] memory batch = only(claim);
        bytes memory proof = consent(batch);
        vm.prank(receiver);
        vm.expectRevert(reason);
        settlement.claim(batch);
        vm.expectRevert(reason);
        settlement.claimWithSignature(batch, proof);
    }

    function earned() private view returns (uint128 totalClaimed) {
        (totalClaimed,) = settlement.receivers(receiver, address(token));
    }
}
