// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ChannelConfig, VoucherClaim} from "../../src/settlement/Channel.sol";
import {IBatchSettlement} from "../../src/settlement/interfaces/IBatchSettlement.sol";
import {Errors} from "../../src/settlement/libraries/Errors.sol";
import {Protocol} from "../support/Protocol.sol";

/// @notice A payer whose receiver is gone, or dishonest, gets its unspent money back alone, after a delay.
contract WithdrawAloneTest is Protocol {
    ChannelConfig private config;
    bytes32 private channelId;

    function setUp() public override {
        super.setUp();
        config = channelWith(1);
        channelId = settlement.getChannelId(config);
        fund(config, 10e18);
    }

    /// Announce, wait, take.
    function test_payerWithdrawsAfterTheDelay() external {
        uint40 end = uint40(block.timestamp) + DELAY;
        vm.expectEmit(true, true, true, true, SETTLEMENT);
        emit IBatchSettlement.WithdrawInitiated(channelId, 6e18, end);
        vm.prank(payer);
        settlement.initiateWithdraw(config, 6e18);
        vm.assertEq(balanceOf(config), 10e18, "an announcement moves nothing");

        vm.warp(end);
        vm.expectEmit(true, true, true, true, SETTLEMENT);
        emit IBatchSettlement.WithdrawFinalized(channelId, payer, 6e18);
        vm.prank(payer);
        settlement.finalizeWithdraw(config);

        vm.assertEq(token.balanceOf(payer), WEALTH - 4e18, "six came back");
        vm.assertEq(balanceOf(config), 4e18, "four are left");
        (uint128 amount, uint40 initiatedAt) = settlement.pendingWithdrawals(channelId);
        vm.assertEq(amount, 0, "nothing announced");
        vm.assertEq(initiatedAt, 0, "no clock runs");
    }

    /// The payer authorizer may do both steps; the money still goes to the payer.
    function test_payerAuthorizerWithdrawsForThePayer() external {
        vm.prank(payerAuthorizer);
        settlement.initiateWithdraw(config, 10e18);
        vm.warp(block.timestamp + DELAY);
        vm.expectEmit(true, true, true, true, SETTLEMENT);
        emit IBatchSettlement.WithdrawFinalized(channelId, payerAuthorizer, 10e18);
        vm.expectEmit(true, true, true, true, SETTLEMENT);
        emit IBatchSettlement.ChannelClosed(channelId, config);
        vm.prank(payerAuthorizer);
        settlement.finalizeWithdraw(config);
        vm.assertEq(token.balanceOf(payer), WEALTH, "all of it");
        vm.assertEq(token.balanceOf(payerAuthorizer), 0, "none of it");
    }

    /// The race: a receiver that claims during the delay gets what it was promised, and the payer the rest.
    function test_claimDuringTheDelayComesFirst() external {
        vm.prank(payer);
        settlement.initiateWithdraw(config, 10e18);
        vm.warp(block.timestamp + DELAY - 1);
        claimed(config, 7e18);

        vm.warp(block.timestamp + 1);
        vm.prank(payer);
        settlement.finalizeWithdraw(config);
        vm.assertEq(token.balanceOf(payer), WEALTH - 7e18, "only three came back");
        settlement.settle(receiver, address(token));
        vm.assertEq(token.balanceOf(receiver), 7e18, "seven were earned");
    }

    /// The other end of the race: a receiver that sleeps through the delay has lost what it did not claim.
    function test_claimAfterTheWithdrawalIsTooLate() external {
        vm.prank(payer);
        settlement.initiateWithdraw(config, 10e18);
        vm.warp(block.timestamp + DELAY);
        vm.prank(payer);
        settlement.finalizeWithdraw(config);

        VoucherClaim[] memory batch = only(row(config, 7e18, 7e18));
        vm.prank(receiver);
        vm.expectRevert(Errors.ClaimExceedsBalance.selector);
        settlement.claim(batch);
    }

    /// A claim after the delay but before the payer's second step still counts.
    function test_claimAfterTheDelayButBeforeTheWithdrawal() external {
        vm.prank(payer);
        settlement.initiateWithdraw(config, 10e18);
        vm.warp(block.timestamp + 30 days);
        claimed(config, 10e18);

        vm.expectEmit(true, true, true, true, SETTLEMENT);
        emit IBatchSettlement.WithdrawFinalized(channelId, payer, 0);
        vm.prank(payer);
        settlement.finalizeWithdraw(config);
        vm.assertEq(token.balanceOf(payer), WEALTH - 10e18, "nothing came back");
    }

    /// One withdrawal after another.
    function test_nextWithdrawalAfterTheFirst() external {
        vm.prank(payer);
        settlement.initiateWithdraw(config, 4e18);
        vm.prank(payer);
        vm.expectRevert(Errors.WithdrawalAlreadyPending.selector);
        settlement.initiateWithdraw(config, 1e18);

        vm.warp(block.timestamp + DELAY);
        vm.prank(payer);
        settlement.finalizeWithdraw(config);
        vm.prank(payer);
        vm.expectRevert(Errors.WithdrawalNotPending.selector);
        settlement.finalizeWithdraw(config);

        vm.prank(payer);
        settlement.initiateWithdraw(config, 6e18);
    }

    function test_refusesBeforeTheDelayIsOver() external {
        vm.prank(payer);
        settlement.initiateWithdraw(config, 1e18);
        vm.warp(block.timestamp + DELAY - 1);
        vm.prank(payer);
        vm.expectRevert(Errors.WithdrawDelayNotElapsed.selector);
        settlement.finalizeWithdraw(config);
    }

    /// The delay belongs to the channel's identity: naming another delay names another channel.
    function test_refusesShorterDelayThanAgreed() external {
        vm.prank(payer);
        settlement.initiateWithdraw(config, 1e18);
        config.withdrawDelay = 0;
        vm.prank(payer);
        vm.expectRevert(Errors.WithdrawalNotPending.selector);
        settlement.finalizeWithdraw(config);
    }

    function test_refusesOthers() external {
        address[3] memory callers = [receiver, receiverAuthorizer, stranger];
        for (uint256 i = 0; i < callers.length; ++i) {
            vm.prank(callers[i]);
            vm.expectRevert(Errors.InvalidChannel.selector);
            settlement.initiateWithdraw(config, 1);
            vm.prank(callers[i]);
            vm.expectRevert(Errors.NotAuthorizedToFinalizeWithdraw.selector);
            settlement.finalizeWithdraw(config);
        }
    }

    function test_refusesNothing() external {
        vm.prank(payer);
        vm.expectRevert(Errors.NothingToWithdraw.selector);
        settlement.initiateWithdraw(config, 0);
    }

    /// Claimed money is the receiver's, settled or not.
    function test_refusesMoreThanIsUnclaimed() external {
        claimed(config, 3e18);
        vm.prank(payer);
        vm.expectRevert(Errors.WithdrawAmountExceedsAvailable.selector);
        settlement.initiateWithdraw(config, 7e18 + 1);
        vm.prank(payer);
        settlement.initiateWithdraw(config, 7e18);
    }

    /// A zero payer authorizer is nobody: it does not open the payer's functions to the zero address' impersonators.
    function test_zeroAuthorizerIsNobody() external {
        config.payerAuthorizer = address(0);
        fund(config, 1e18);
        vm.prank(stranger);
        vm.expectRevert(Errors.InvalidChannel.selector);
        settlement.initiateWithdraw(config, 1);
    }
}
