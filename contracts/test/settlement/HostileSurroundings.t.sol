// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {ReentrancyGuardTransient} from "@openzeppelin/contracts/utils/ReentrancyGuardTransient.sol";

import {ChannelConfig, VoucherClaim} from "../../src/settlement/Channel.sol";
import {IBatchSettlement} from "../../src/settlement/interfaces/IBatchSettlement.sol";
import {Errors} from "../../src/settlement/libraries/Errors.sol";
import {AllowanceCollector, CallingCollector} from "../support/Collectors.sol";
import {CallingToken, FeeToken, PlainToken, RefusingToken} from "../support/HostileTokens.sol";
import {Settlement} from "../support/Contracts.sol";
import {Protocol} from "../support/Protocol.sol";

/// @notice Tokens and collectors are anybody's code. They may break their own channels, never other people's.
contract HostileSurroundingsTest is Protocol {
    AllowanceCollector private collector;

    function setUp() public override {
        super.setUp();
        collector = new AllowanceCollector();
    }

    /// @dev A channel in another token, with ten tokens in it.
    function openIn(PlainToken hostile) private returns (ChannelConfig memory config) {
        config = prepared(hostile, address(collector));
        settlement.deposit(config, 10e18, address(collector), "");
    }

    function prepared(PlainToken hostile, address collector_) private returns (ChannelConfig memory config) {
        config = channelWith(1);
        config.token = address(hostile);
        hostile.mint(payer, 100e18);
        vm.prank(payer);
        hostile.approve(collector_, type(uint256).max);
    }

    /// @dev Every state-changing call that somebody could try from inside another one, as the channel's own parties.
    function intrusions(ChannelConfig memory config) private view returns (bytes[] memory calls) {
        VoucherClaim[] memory batch = only(row(config, 5e18, 5e18));
        bytes[] memory nested = new bytes[](1);
        nested[0] = abi.encodeCall(IBatchSettlement.settle, (config.receiver, config.token));

        calls = new bytes[](9);
        calls[0] = abi.encodeCall(IBatchSettlement.deposit, (config, 1, address(collector), ""));
        calls[1] = abi.encodeCall(IBatchSettlement.claim, (batch));
        calls[2] = abi.encodeCall(IBatchSettlement.claimWithSignature, (batch, consent(batch)));
        calls[3] = abi.encodeCall(IBatchSettlement.settle, (config.receiver, config.token));
        calls[4] = abi.encodeCall(IBatchSettlement.initiateWithdraw, (config, 1));
        calls[5] = abi.encodeCall(IBatchSettlement.finalizeWithdraw, (config));
        calls[6] = abi.encodeCall(IBatchSettlement.refund, (config, 1));
        calls[7] = abi.encodeCall(IBatchSettlement.refundWithSignature, (config, 1, 0, refundConsent(config, 0, 1)));
        calls[8] = abi.encodeCall(Settlement.multicall, (nested));
    }

    function isRefusedAsReentrant(bool succeeded, bytes memory result) private pure {
        vm.assertFalse(succeeded, "the inner call failed");
        vm.assertEq(
            bytes32(bytes4(result)),
            bytes32(ReentrancyGuardTransient.ReentrancyGuardReentrantCall.selector),
            "because it came from inside"
        );
    }

    /// A collector cannot act on the contract while it is at work, so no token can count for two deposits.
    function test_collectorCannotReenter() external {
        CallingCollector calling = new CallingCollector();
        CallingToken plain = new CallingToken();
        ChannelConfig memory config = prepared(plain, address(calling));
        bytes[] memory calls = intrusions(config);

        for (uint256 i = 0; i < calls.length; ++i) {
            settlement.deposit(config, 1e18, address(calling), calls[i]);
            isRefusedAsReentrant(calling.succeeded(), calling.result());
        }
        vm.assertEq(balanceOf(config), 9e18, "each deposit counted once");
    }

    /// A token that calls somebody on transfer cannot act on the contract while a settlement is sent.
    function test_tokenCannotReenterSettle() external {
        CallingToken hostile = new CallingToken();
        ChannelConfig memory config = openIn(hostile);
        bytes[] memory calls = intrusions(config);
        for (uint256 i = 0; i < calls.length; ++i) {
            claimed(config, uint128(i + 1) * 1e17);
            hostile.arm(SETTLEMENT, calls[i]);
            settlement.settle(receiver, address(hostile));
            isRefusedAsReentrant(hostile.succeeded(), hostile.result());
        }
        vm.assertEq(hostile.balanceOf(receiver), 9e17, "paid exactly");
    }

    function test_tokenCannotReenterRefund() external {
        CallingToken hostile = new CallingToken();
        ChannelConfig memory config = openIn(hostile);
        bytes[] memory calls = intrusions(config);
        for (uint256 i = 0; i < calls.length; ++i) {
            hostile.arm(SETTLEMENT, calls[i]);
            vm.prank(receiver);
            settlement.refund(config, 1e18);
            isRefusedAsReentrant(hostile.succeeded(), hostile.result());
        }
        vm.assertEq(balanceOf(config), 1e18, "nine refunds of one token");
    }

    function test_tokenCannotReenterWithdrawal() external {
        CallingToken hostile = new CallingToken();
        ChannelConfig memory config = openIn(hostile);
        bytes[] memory calls = intrusions(config);
        for (uint256 i = 0; i < calls.length; ++i) {
            vm.prank(payer);
            settlement.initiateWithdraw(config, 1e18);
            vm.warp(block.timestamp + DELAY);
            hostile.arm(SETTLEMENT, calls[i]);
            vm.prank(payer);
            settlement.finalizeWithdraw(config);
            isRefusedAsReentrant(hostile.succeeded(), hostile.result());
        }
        vm.assertEq(hostile.balanceOf(payer), 99e18, "nine withdrawals of one token");
    }

    /// The guard is down again afterwards, also after a revert and within one transaction.
    function test_guardOpensAgain() external {
        ChannelConfig memory config = openIn(new PlainToken());
        vm.expectRevert(Errors.NotAuthorizedToRefund.selector);
        settlement.refund(config, 1);
        vm.prank(receiver);
        settlement.refund(config, 1);
        settlement.deposit(config, 1, address(collector), "");
    }

    /// A token that keeps a fee is refused at the door.
    function test_refusesFeeOnTransfer() external {
        FeeToken hostile = new FeeToken();
        ChannelConfig memory config = prepared(hostile, address(collector));
        vm.expectRevert(Errors.DepositCollectionFailed.selector);
        settlement.deposit(config, 10e18, address(collector), "");
    }

    /// A transfer that answers "no" is a failed transfer: nothing is booked as paid.
    function test_refusesTransferThatAnswersNo() external {
        RefusingToken hostile = new RefusingToken();
        ChannelConfig memory config = openIn(hostile);
        claimed(config, 3e18);
        vm.prank(payer);
        settlement.initiateWithdraw(config, 1e18);
        vm.warp(block.timestamp + DELAY);
        hostile.setRefuses(true);
        bytes memory reason = abi.encodeWithSelector(SafeERC20.SafeERC20FailedOperation.selector, address(hostile));

        vm.expectRevert(reason);
        settlement.settle(receiver, address(hostile));
        vm.prank(receiver);
        vm.expectRevert(reason);
        settlement.refund(config, 1e18);
        vm.prank(payer);
        vm.expectRevert(reason);
        settlement.finalizeWithdraw(config);

        hostile.setRefuses(false);
        settlement.settle(receiver, address(hostile));
        vm.assertEq(hostile.balanceOf(receiver), 3e18, "still owed, now paid");
    }

    /// Tokens that somebody sends by mistake are nobody's deposit.
    function test_strayTokensAreNobodys() external {
        PlainToken plain = new PlainToken();
        ChannelConfig memory config = openIn(plain);
        plain.mint(SETTLEMENT, 50e18);
        vm.prank(receiver);
        settlement.refund(config, type(uint128).max);
        vm.assertEq(plain.balanceOf(SETTLEMENT), 50e18, "untouched");
    }

    /// A broken token does not reach channels in other tokens.
    function test_brokenTokenHurtsOnlyItsOwnChannels() external {
        RefusingToken hostile = new RefusingToken();
        openIn(hostile);
        hostile.setRefuses(true);
        ChannelConfig memory sound = channelWith(2);
        fund(sound, 1e18);
        claimed(sound, 1e18);
        settlement.settle(receiver, address(token));
        vm.assertEq(token.balanceOf(receiver), 1e18, "paid");
    }
}
