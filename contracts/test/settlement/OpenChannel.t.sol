// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ChannelConfig} from "../../src/settlement/Channel.sol";
import {IBatchSettlement} from "../../src/settlement/interfaces/IBatchSettlement.sol";
import {Errors} from "../../src/settlement/libraries/Errors.sol";
import {PlainToken} from "../support/HostileTokens.sol";
import {AllowanceCollector, CarelessCollector} from "../support/Collectors.sol";
import {Cheatcodes} from "../support/Cheatcodes.sol";
import {Protocol} from "../support/Protocol.sol";

/// @notice A payer opens a channel by paying into it, and tops it up.
contract OpenChannelTest is Protocol {
    ChannelConfig private config;
    bytes32 private channelId;

    function setUp() public override {
        super.setUp();
        config = channelWith(1);
        channelId = settlement.getChannelId(config);
    }

    /// The first deposit opens the channel; whoever sends it, the payer pays.
    function test_firstDepositOpensTheChannel() external {
        bytes memory data = depositPermission(config, 5e18, PAYER_KEY);

        vm.expectEmit(true, true, true, true, SETTLEMENT);
        emit IBatchSettlement.ChannelCreated(channelId, config);
        vm.expectEmit(true, true, true, true, SETTLEMENT);
        emit IBatchSettlement.Deposited(channelId, stranger, 5e18, 5e18);
        vm.prank(stranger);
        settlement.deposit(config, 5e18, COLLECTOR, data);

        vm.assertEq(balanceOf(config), 5e18, "channel balance");
        vm.assertEq(claimedOf(config), 0, "nothing claimed yet");
        vm.assertEq(token.balanceOf(SETTLEMENT), 5e18, "tokens held");
        vm.assertEq(token.balanceOf(payer), WEALTH - 5e18, "the payer paid");
        vm.assertEq(token.balanceOf(COLLECTOR), 0, "the collector keeps nothing");
    }

    /// A second deposit adds up and does not announce the channel again.
    function test_topUpAddsUp() external {
        fund(config, 5e18);
        vm.recordLogs();
        fund(config, 2e18);

        vm.assertEq(balanceOf(config), 7e18, "both deposits");
        vm.assertEq(countOf(IBatchSettlement.ChannelCreated.selector), 0, "created once only");
    }

    /// A channel that was emptied with nothing claimed is announced again when it gets money.
    function test_emptiedChannelIsAnnouncedAgain() external {
        fund(config, 5e18);
        vm.prank(receiver);
        settlement.refund(config, 5e18);

        vm.recordLogs();
        fund(config, 1e18);
        vm.assertEq(countOf(IBatchSettlement.ChannelCreated.selector), 1, "announced again");
    }

    /// A channel with a history is not new, even if everything unclaimed had gone back.
    function test_channelWithClaimsIsNotAnnouncedAgain() external {
        fund(config, 5e18);
        claimed(config, 5e18);

        vm.recordLogs();
        fund(config, 5e18);
        vm.assertEq(countOf(IBatchSettlement.ChannelCreated.selector), 0, "not new");
    }

    /// Both ends of the permitted range of delays work.
    function test_delayRangeIsInclusive() external {
        config.withdrawDelay = settlement.MIN_WITHDRAW_DELAY();
        vm.assertEq(config.withdrawDelay, 900, "fifteen minutes");
        fund(config, 1);

        config.withdrawDelay = settlement.MAX_WITHDRAW_DELAY();
        vm.assertEq(config.withdrawDelay, 2_592_000, "thirty days");
        fund(config, 1);
    }

    function test_refusesDelayOutsideTheRange() external {
        config.withdrawDelay = 15 minutes - 1;
        refuses(Errors.WithdrawDelayOutOfRange.selector);
        config.withdrawDelay = 30 days + 1;
        refuses(Errors.WithdrawDelayOutOfRange.selector);
    }

    function test_refusesMissingParties() external {
        config.payer = address(0);
        refuses(Errors.InvalidChannel.selector);

        config = channelWith(1);
        config.receiver = address(0);
        refuses(Errors.InvalidChannel.selector);

        config = channelWith(1);
        config.receiverAuthorizer = address(0);
        refuses(Errors.InvalidChannel.selector);

        config = channelWith(1);
        config.token = address(0);
        refuses(Errors.InvalidChannel.selector);
    }

    function test_refusesNothing() external {
        vm.expectRevert(Errors.ZeroDeposit.selector);
        settlement.deposit(config, 0, COLLECTOR, "");
    }

    function test_refusesNoCollector() external {
        vm.expectRevert(Errors.InvalidCollector.selector);
        settlement.deposit(config, 1, address(0), "");
    }

    /// The checks have an order, which clients rely on when they explain a refusal.
    function test_checksParticipantsThenDelayThenAmountThenCollector() external {
        config.withdrawDelay = 0;
        config.receiver = address(0);
        vm.expectRevert(Errors.InvalidChannel.selector);
        settlement.deposit(config, 0, address(0), "");

        config.receiver = receiver;
        vm.expectRevert(Errors.WithdrawDelayOutOfRange.selector);
        settlement.deposit(config, 0, address(0), "");

        config.withdrawDelay = DELAY;
        vm.expectRevert(Errors.ZeroDeposit.selector);
        settlement.deposit(config, 0, address(0), "");
    }

    /// Balances are 128 bits wide and do not wrap around.
    function test_refusesBalanceAbove128Bits() external {
        PlainToken plain = new PlainToken();
        AllowanceCollector collector = new AllowanceCollector();
        config.token = address(plain);
        plain.mint(payer, type(uint256).max);
        vm.prank(payer);
        plain.approve(address(collector), type(uint256).max);

        settlement.deposit(config, type(uint128).max, address(collector), "");
        vm.expectRevert(Errors.DepositOverflow.selector);
        settlement.deposit(config, 1, address(collector), "");
    }

    /// What counts is what arrives: neither less nor more than announced.
    function test_refusesCollectorThatBringsAnotherAmount() external {
        PlainToken plain = new PlainToken();
        config.token = address(plain);
        plain.mint(payer, 100);

        int256[3] memory differences = [int256(-10), -1, 1];
        for (uint256 i = 0; i < differences.length; ++i) {
            CarelessCollector collector = new CarelessCollector(differences[i]);
            vm.prank(payer);
            plain.approve(address(collector), 100);
            vm.expectRevert(Errors.DepositCollectionFailed.selector);
            settlement.deposit(config, 10, address(collector), "");
        }
    }

    /// A collector or token without code cannot be mistaken for one that did its work.
    function test_refusesCollectorOrTokenWithoutCode() external {
        vm.expectRevert();
        settlement.deposit(config, 1, address(0xC0DE), "");
        config.token = address(0xC0DE);
        vm.expectRevert();
        settlement.deposit(config, 1, COLLECTOR, "");
    }

    function refuses(bytes4 reason) private {
        vm.expectRevert(reason);
        settlement.deposit(config, 1, COLLECTOR, "");
    }

    function countOf(bytes32 eventTopic) private returns (uint256 count) {
        Cheatcodes.Log[] memory logs = vm.getRecordedLogs();
        for (uint256 i = 0; i < logs.length; ++i) {
            if (logs[i].topics[0] == eventTopic) ++count;
        }
    }
}
