// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ChannelConfig, VoucherClaim} from "../../src/settlement/Channel.sol";
import {IChannelDigests} from "../../src/settlement/interfaces/IChannelDigests.sol";
import {IBatchSettlement} from "../../src/settlement/interfaces/IBatchSettlement.sol";
import {Errors} from "../../src/settlement/libraries/Errors.sol";
import {Protocol} from "../support/Protocol.sol";

/// @notice Several calls in one transaction, in the name of the one who sent it.
contract BundleCallsTest is Protocol {
    /// The usual end of a channel in one transaction: claim, refund, settle.
    function test_claimRefundAndSettleInOne() external {
        ChannelConfig memory config = channelWith(1);
        fund(config, 10e18);
        VoucherClaim[] memory batch = only(row(config, 4e18, 4e18));
        bytes[] memory calls = new bytes[](3);
        calls[0] = abi.encodeCall(IBatchSettlement.claimWithSignature, (batch, consent(batch)));
        calls[1] =
            abi.encodeCall(IBatchSettlement.refundWithSignature, (config, 6e18, 0, refundConsent(config, 0, 6e18)));
        calls[2] = abi.encodeCall(IBatchSettlement.settle, (receiver, address(token)));

        vm.prank(stranger);
        bytes[] memory results = settlement.multicall(calls);
        vm.assertEq(results.length, 3, "one result a call");
        vm.assertEq(token.balanceOf(receiver), 4e18, "earned");
        vm.assertEq(token.balanceOf(payer), WEALTH - 4e18, "refunded");
        vm.assertEq(token.balanceOf(SETTLEMENT), 0, "nothing left");
    }

    /// A view inside a bundle answers as usual.
    function test_resultsComeBack() external {
        ChannelConfig memory config = channelWith(1);
        bytes[] memory calls = new bytes[](1);
        calls[0] = abi.encodeCall(IChannelDigests.getChannelId, (config));
        bytes32 answer = abi.decode(settlement.multicall(calls)[0], (bytes32));
        vm.assertEq(answer, settlement.getChannelId(config), "the same id");
    }

    /// The first failure ends the bundle, with its own reason.
    function test_failureRevertsTheBundle() external {
        ChannelConfig memory config = channelWith(1);
        fund(config, 10e18);
        claimed(config, 1e18);
        bytes[] memory calls = new bytes[](2);
        calls[0] = abi.encodeCall(IBatchSettlement.settle, (receiver, address(token)));
        calls[1] = abi.encodeCall(IBatchSettlement.refund, (config, 1));
        vm.prank(stranger);
        vm.expectRevert(Errors.NotAuthorizedToRefund.selector);
        settlement.multicall(calls);
        vm.assertEq(token.balanceOf(receiver), 0, "the first call did not stay");
    }

    function test_emptyBundle() external {
        vm.assertEq(settlement.multicall(new bytes[](0)).length, 0, "nothing done");
    }
}
