// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ChannelConfig, VoucherClaim} from "../../src/settlement/Channel.sol";
import {Errors} from "../../src/settlement/libraries/Errors.sol";
import {Protocol} from "../support/Protocol.sol";

/// @notice For any amounts, each operation moves exactly what it says.
contract ChannelArithmeticTest is Protocol {
    ChannelConfig private config;

    function setUp() public override {
        super.setUp();
        config = channelWith(1);
    }

    /// Deposits add up, whoever sends them.
    function testFuzz_depositsAddUp(uint128 first, uint128 second, address sender) external {
        first = uint128(within(first, 1, WEALTH - 1));
        second = uint128(within(second, 1, WEALTH - first));
        fund(config, first);
        bytes memory data = depositPermission(config, second, PAYER_KEY);
        vm.prank(sender);
        settlement.deposit(config, second, COLLECTOR, data);

        vm.assertEq(balanceOf(config), uint256(first) + second, "channel");
        vm.assertEq(token.balanceOf(SETTLEMENT), uint256(first) + second, "tokens");
        vm.assertEq(token.balanceOf(payer), uint256(WEALTH) - first - second, "payer");
    }

    /// A claim is good exactly if it is at most the voucher and at most the balance.
    function testFuzz_claimIsBoundedByVoucherAndBalance(uint128 balance, uint128 ceiling, uint128 total) external {
        balance = uint128(within(balance, 1, WEALTH));
        ceiling = uint128(within(ceiling, 0, uint256(WEALTH) * 2));
        total = uint128(within(total, 1, uint256(WEALTH) * 2));
        fund(config, balance);

        VoucherClaim[] memory batch = only(row(config, ceiling, total));
        if (total > ceiling) vm.expectRevert(Errors.ClaimExceedsCeiling.selector);
        else if (total > balance) vm.expectRevert(Errors.ClaimExceedsBalance.selector);
        vm.prank(receiver);
        settlement.claim(batch);

        uint128 expected = total <= ceiling && total <= balance ? total : 0;
        vm.assertEq(claimedOf(config), expected, "claimed");
        settlement.settle(receiver, address(token));
        vm.assertEq(token.balanceOf(receiver), expected, "paid");
    }

    /// Vouchers may arrive in any order; the highest counts, once.
    function testFuzz_orderOfVouchersDoesNotMatter(uint128[8] memory totals) external {
        fund(config, WEALTH);
        uint128 highest;
        VoucherClaim[] memory batch = new VoucherClaim[](totals.length);
        for (uint256 i = 0; i < totals.length; ++i) {
            totals[i] = uint128(within(totals[i], 0, WEALTH));
            batch[i] = row(config, totals[i], totals[i]);
            if (totals[i] > highest) highest = totals[i];
        }
        vm.prank(receiver);
        settlement.claim(batch);
        settlement.settle(receiver, address(token));
        vm.assertEq(token.balanceOf(receiver), highest, "the highest");
    }

    /// A refund gives back the smaller of what is asked and what is unclaimed.
    function testFuzz_refundIsCapped(uint128 balance, uint128 total, uint128 asked) external {
        balance = uint128(within(balance, 1, WEALTH));
        total = uint128(within(total, 0, balance));
        asked = uint128(within(asked, 1, type(uint128).max));
        fund(config, balance);
        claimed(config, total);

        vm.prank(receiver);
        settlement.refund(config, asked);
        uint128 expected = asked < balance - total ? asked : balance - total;
        vm.assertEq(token.balanceOf(payer), uint256(WEALTH) - balance + expected, "back to the payer");
        vm.assertEq(balanceOf(config), balance - expected, "left in the channel");
        vm.assertEq(claimedOf(config), total, "the claim stays");
    }

    /// A withdrawal gives back the smaller of what was announced and what claims and refunds have left.
    function testFuzz_withdrawalIsCapped(uint128 balance, uint128 asked, uint128 total, uint128 refunded) external {
        balance = uint128(within(balance, 1, WEALTH));
        asked = uint128(within(asked, 1, balance));
        total = uint128(within(total, 0, balance));
        refunded = uint128(within(refunded, 0, balance - total));
        fund(config, balance);
        vm.prank(payer);
        settlement.initiateWithdraw(config, asked);
        claimed(config, total);
        if (refunded > 0) {
            vm.prank(receiver);
            settlement.refund(config, refunded);
        }

        vm.warp(block.timestamp + DELAY);
        vm.prank(payer);
        if (refunded >= asked) {
            vm.expectRevert(Errors.WithdrawalNotPending.selector);
            settlement.finalizeWithdraw(config);
            return;
        }
        settlement.finalizeWithdraw(config);
        uint128 rest = balance - total - refunded;
        uint128 expected = asked - refunded < rest ? asked - refunded : rest;
        vm.assertEq(token.balanceOf(payer), uint256(WEALTH) - balance + refunded + expected, "back to the payer");
        vm.assertEq(balanceOf(config), rest - expected + total, "left in the channel");
    }

    /// Nothing can be taken out a second before the delay is over, whatever the delay.
    function testFuzz_delayIsKept(uint40 delay, uint40 waited) external {
        config.withdrawDelay = uint40(within(delay, 15 minutes, 30 days));
        waited = uint40(within(waited, 0, 31 days));
        fund(config, 1e18);
        vm.prank(payer);
        settlement.initiateWithdraw(config, 1e18);

        vm.warp(block.timestamp + waited);
        vm.prank(payer);
        if (waited < config.withdrawDelay) vm.expectRevert(Errors.WithdrawDelayNotElapsed.selector);
        settlement.finalizeWithdraw(config);
    }
}
