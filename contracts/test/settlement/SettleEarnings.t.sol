// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ChannelConfig} from "../../src/settlement/Channel.sol";
import {IBatchSettlement} from "../../src/settlement/interfaces/IBatchSettlement.sol";
import {Cheatcodes} from "../support/Cheatcodes.sol";
import {Protocol} from "../support/Protocol.sol";

/// @notice Earnings of many channels go to the receiver in one transfer.
contract SettleEarningsTest is Protocol {
    function setUp() public override {
        super.setUp();
        for (uint256 salt = 1; salt <= 3; ++salt) {
            fund(channelWith(salt), 10e18);
            claimed(channelWith(salt), uint128(salt) * 1e18);
        }
    }

    /// Anyone may settle; the money goes to the receiver.
    function test_settleSweepsAllChannels() external {
        vm.expectEmit(true, true, true, true, SETTLEMENT);
        emit IBatchSettlement.Settled(receiver, address(token), stranger, 6e18);
        vm.prank(stranger);
        settlement.settle(receiver, address(token));

        vm.assertEq(token.balanceOf(receiver), 6e18, "paid");
        vm.assertEq(token.balanceOf(SETTLEMENT), 24e18, "the rest stays");
        (uint128 totalClaimed, uint128 totalSettled) = settlement.receivers(receiver, address(token));
        vm.assertEq(totalClaimed, 6e18, "claimed in total");
        vm.assertEq(totalSettled, 6e18, "settled in total");
    }

    /// With nothing to send, the call does nothing and says nothing.
    function test_settleWithNothingToSendDoesNothing() external {
        settlement.settle(receiver, address(token));
        vm.recordLogs();
        settlement.settle(receiver, address(token));
        settlement.settle(stranger, address(token));
        settlement.settle(receiver, address(0xC0DE));
        Cheatcodes.Log[] memory logs = vm.getRecordedLogs();
        vm.assertEq(logs.length, 0, "silent");
        vm.assertEq(token.balanceOf(receiver), 6e18, "paid once");
    }

    /// Later claims are settled later.
    function test_settleSendsWhatIsNew() external {
        settlement.settle(receiver, address(token));
        claimed(channelWith(1), 5e18);
        settlement.settle(receiver, address(token));
        vm.assertEq(token.balanceOf(receiver), 10e18, "six and four");
    }

    /// Receivers do not share a purse.
    function test_receiversAreApart() external {
        ChannelConfig memory config = channelWith(4);
        config.receiver = stranger;
        fund(config, 10e18);
        claimed(config, 7e18);

        settlement.settle(stranger, address(token));
        vm.assertEq(token.balanceOf(stranger), 7e18, "his");
        vm.assertEq(token.balanceOf(receiver), 0, "not yet settled");
    }
}
