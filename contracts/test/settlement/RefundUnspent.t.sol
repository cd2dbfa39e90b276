// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ChannelConfig} from "../../src/settlement/Channel.sol";
import {IBatchSettlement} from "../../src/settlement/interfaces/IBatchSettlement.sol";
import {Errors} from "../../src/settlement/libraries/Errors.sol";
import {Cheatcodes} from "../support/Cheatcodes.sol";
import {ContractWallet} from "../support/ContractWallet.sol";
import {Protocol} from "../support/Protocol.sol";

/// @notice The receiver's side gives unspent money back at once.
contract RefundUnspentTest is Protocol {
    ChannelConfig private config;
    bytes32 private channelId;

    function setUp() public override {
        super.setUp();
        config = channelWith(1);
        channelId = settlement.getChannelId(config);
        fund(config, 10e18);
    }

    /// Both the receiver and its authorizer may refund.
    function test_receiverSideRefunds() external {
        vm.expectEmit(true, true, true, true, SETTLEMENT);
        emit IBatchSettlement.Refunded(channelId, receiver, 4e18);
        vm.prank(receiver);
        settlement.refund(config, 4e18);
        vm.prank(receiverAuthorizer);
        settlement.refund(config, 1e18);

        vm.assertEq(token.balanceOf(payer), WEALTH - 5e18, "back to the payer");
        vm.assertEq(balanceOf(config), 5e18, "the rest stays");
        vm.assertEq(settlement.refundNonce(channelId), 2, "two nonces used");
    }

    /// A refund never touches what is claimed; a wish above the rest gets the rest.
    function test_refundIsCapped() external {
        claimed(config, 3e18);
        vm.expectEmit(true, true, true, true, SETTLEMENT);
        emit IBatchSettlement.Refunded(channelId, receiver, 7e18);
        vm.prank(receiver);
        settlement.refund(config, type(uint128).max);

        vm.assertEq(balanceOf(config), 3e18, "the claim is covered");
        settlement.settle(receiver, address(token));
        vm.assertEq(token.balanceOf(receiver), 3e18, "and paid");
    }

    /// With nothing left, a refund is silent but still uses its nonce.
    function test_refundOfNothingLeftUsesTheNonce() external {
        claimed(config, 10e18);
        vm.recordLogs();
        vm.prank(receiver);
        settlement.refund(config, 1);
        Cheatcodes.Log[] memory logs = vm.getRecordedLogs();
        vm.assertEq(logs.length, 0, "no event, no transfer");
        vm.assertEq(settlement.refundNonce(channelId), 1, "nonce used");
    }

    /// A channel that is emptied with nothing claimed is announced as closed.
    function test_fullRefundClosesTheChannel() external {
        vm.expectEmit(true, true, true, true, SETTLEMENT);
        emit IBatchSettlement.Refunded(channelId, receiver, 10e18);
        vm.expectEmit(true, true, true, true, SETTLEMENT);
        emit IBatchSettlement.ChannelClosed(channelId, config);
        vm.prank(receiver);
        settlement.refund(config, 10e18);
    }

    /// A refund fulfils as much of an announced withdrawal.
    function test_refundShrinksAnnouncedWithdrawal() external {
        vm.prank(payer);
        settlement.initiateWithdraw(config, 6e18);
        vm.prank(receiver);
        settlement.refund(config, 2e18);
        (uint128 amount, uint40 initiatedAt) = settlement.pendingWithdrawals(channelId);
        vm.assertEq(amount, 4e18, "four are left to withdraw");
        vm.assertEq(initiatedAt, block.timestamp, "the clock runs on");

        vm.prank(receiver);
        settlement.refund(config, 4e18);
        (amount, initiatedAt) = settlement.pendingWithdrawals(channelId);
        vm.assertEq(amount, 0, "nothing is left to withdraw");
        vm.assertEq(initiatedAt, 0, "the withdrawal is over");
    }

    /// Anyone may send a refund that the receiver authorizer has signed.
    function test_strangerRelaysSignedRefund() external {
        bytes memory proof = refundConsent(config, 0, 4e18);
        vm.expectEmit(true, true, true, true, SETTLEMENT);
        emit IBatchSettlement.Refunded(channelId, stranger, 4e18);
        vm.prank(stranger);
        settlement.refundWithSignature(config, 4e18, 0, proof);
        vm.assertEq(token.balanceOf(payer), WEALTH - 6e18, "to the payer, not to the sender");
    }

    /// A signed refund works once.
    function test_refusesReplay() external {
        bytes memory proof = refundConsent(config, 0, 4e18);
        settlement.refundWithSignature(config, 4e18, 0, proof);
        vm.expectRevert(Errors.InvalidRefundNonce.selector);
        settlement.refundWithSignature(config, 4e18, 0, proof);
        vm.expectRevert(Errors.InvalidSignature.selector);
        settlement.refundWithSignature(config, 4e18, 1, proof);
    }

    /// A direct refund ends the life of a refund signed before, even if it moved nothing.
    function test_directRefundOverridesSignedOne() external {
        bytes memory proof = refundConsent(config, 0, 4e18);
        vm.prank(receiver);
        settlement.refund(config, 1);
        vm.expectRevert(Errors.InvalidRefundNonce.selector);
        settlement.refundWithSignature(config, 4e18, 0, proof);
    }

    function test_refusesFutureNonce() external {
        bytes memory proof = refundConsent(config, 1, 4e18);
        vm.expectRevert(Errors.InvalidRefundNonce.selector);
        settlement.refundWithSignature(config, 4e18, 1, proof);
    }

    /// The signature holds for its amount, its channel and its signer.
    function test_refusesChangedRefund() external {
        bytes memory proof = refundConsent(config, 0, 4e18);
        vm.expectRevert(Errors.InvalidSignature.selector);
        settlement.refundWithSignature(config, 5e18, 0, proof);

        ChannelConfig memory other = channelWith(2);
        vm.expectRevert(Errors.InvalidSignature.selector);
        settlement.refundWithSignature(other, 4e18, 0, proof);

        bytes memory ofStranger = signature(STRANGER_KEY, settlement.getRefundDigest(channelId, 0, 4e18));
        vm.expectRevert(Errors.InvalidSignature.selector);
        settlement.refundWithSignature(config, 4e18, 0, ofStranger);
    }

    /// The payer cannot refund itself.
    function test_refusesOthers() external {
        address[3] memory callers = [payer, payerAuthorizer, stranger];
        for (uint256 i = 0; i < callers.length; ++i) {
            vm.prank(callers[i]);
            vm.expectRevert(Errors.NotAuthorizedToRefund.selector);
            settlement.refund(config, 1);
        }
    }

    function test_refusesZero() external {
        vm.prank(receiver);
        vm.expectRevert(Errors.ZeroRefund.selector);
        settlement.refund(config, 0);

        bytes memory proof = refundConsent(config, 0, 0);
        vm.expectRevert(Errors.ZeroRefund.selector);
        settlement.refundWithSignature(config, 0, 0, proof);
        vm.assertEq(settlement.refundNonce(channelId), 0, "no nonce used");
    }

    /// The receiver authorizer may be a contract.
    function test_contractSignsRefund() external {
        config.receiverAuthorizer = address(new ContractWallet(stranger));
        fund(config, 1e18);
        bytes32 digest = settlement.getRefundDigest(settlement.getChannelId(config), 0, 1e18);
        settlement.refundWithSignature(config, 1e18, 0, signature(STRANGER_KEY, digest));
        vm.assertEq(balanceOf(config), 0, "refunded");
    }
}
