// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IBatchSettlement} from "../../src/settlement/interfaces/IBatchSettlement.sol";
import {Protocol} from "../support/Protocol.sol";
import {Handler} from "./Handler.sol";

/// @notice What holds after any sequence of actions by honest and dishonest parties.
contract SolvencyTest is Protocol {
    uint256 private constant PAYERS = 3;
    uint256 private constant RECEIVERS = 2;
    uint256 private constant CHANNELS = PAYERS * RECEIVERS;

    Handler private handler;

    // Copies of what never changes: the statements below are checked after each of many thousand calls.
    address[PAYERS] private payers;
    address[RECEIVERS] private receivers;
    bytes32[CHANNELS] private channelIds;

    function setUp() public override {
        super.setUp();
        handler = new Handler(token, settlement, COLLECTOR);
        vm.prank(payer);
        token.transfer(address(0xD1E), WEALTH);
        for (uint256 i = 0; i < PAYERS; ++i) {
            payers[i] = handler.payers(i);
            token.mint(payers[i], WEALTH);
        }
        for (uint256 i = 0; i < RECEIVERS; ++i) {
            receivers[i] = handler.receivers(i);
        }
        for (uint256 i = 0; i < CHANNELS; ++i) {
            channelIds[i] = handler.channelIds(i);
        }
    }

    /// @dev The test machine plays the handler and nothing else.
    function targetContracts() external view returns (address[] memory targets) {
        targets = new address[](1);
        targets[0] = address(handler);
    }

    /// One campaign checks everything: the same calls would otherwise be played once for each statement.
    function invariant_everyPartyIsSolvent() external view {
        heldTokensCoverEveryClaim();
        earningsAreTheSumOfClaims();
        tokensAreConserved();
        payerLosesAtMostWhatItSigned();
        withdrawalsAreWholeOrAbsent();
    }

    /// The contract holds what its channels hold, less what was sent to receivers; not one unit more or less.
    function heldTokensCoverEveryClaim() private view {
        uint256 balances;
        for (uint256 i = 0; i < CHANNELS; ++i) {
            (uint128 balance, uint128 totalClaimed) = stateOf(i);
            vm.assertLe(totalClaimed, balance, "a channel holds what is claimed from it");
            balances += balance;
        }
        uint256 settled;
        for (uint256 i = 0; i < RECEIVERS; ++i) {
            (uint128 totalClaimed, uint128 totalSettled) = settlement.receivers(receivers[i], address(token));
            vm.assertLe(totalSettled, totalClaimed, "no receiver is paid more than it claimed");
            settled += totalSettled;
        }
        vm.assertEq(token.balanceOf(SETTLEMENT), balances - settled + handler.donated(), "held");
    }

    /// A receiver's earnings are the sum of the claims on its channels, and it has received what was settled.
    function earningsAreTheSumOfClaims() private view {
        for (uint256 i = 0; i < RECEIVERS; ++i) {
            uint256 sum;
            for (uint256 channel = i; channel < CHANNELS; channel += RECEIVERS) {
                (, uint128 totalClaimed) = stateOf(channel);
                sum += totalClaimed;
            }
            (uint128 earned, uint128 settled) = settlement.receivers(receivers[i], address(token));
            vm.assertEq(earned, sum, "earnings");
            vm.assertEq(token.balanceOf(receivers[i]), settled, "received");
        }
    }

    /// Tokens are neither made nor lost.
    function tokensAreConserved() private view {
        uint256 sum = token.balanceOf(SETTLEMENT) + token.balanceOf(COLLECTOR);
        vm.assertEq(token.balanceOf(COLLECTOR), 0, "the collector keeps nothing");
        for (uint256 i = 0; i < PAYERS; ++i) {
            sum += token.balanceOf(payers[i]);
        }
        for (uint256 i = 0; i < RECEIVERS; ++i) {
            sum += token.balanceOf(receivers[i]);
        }
        vm.assertEq(sum, PAYERS * WEALTH, "all there");
    }

    /// A payer never loses more than the highest voucher it signed, in each channel; the rest is in its wallet or its
    /// own to take out.
    function payerLosesAtMostWhatItSigned() private view {
        for (uint256 i = 0; i < PAYERS; ++i) {
            address owner = payers[i];
            uint256 owned = token.balanceOf(owner) + handler.given(owner);
            uint256 signed;
            for (uint256 j = 0; j < RECEIVERS; ++j) {
                uint256 channel = i * RECEIVERS + j;
                (uint128 balance, uint128 totalClaimed) = stateOf(channel);
                vm.assertLe(totalClaimed, handler.highestSigned(channel), "claims stay below the vouchers");
                owned += balance - totalClaimed;
                signed += handler.highestSigned(channel);
            }
            vm.assertGe(owned + signed, WEALTH, "what is gone was signed");
        }
        vm.assertEq(handler.forgeriesAccepted(), 0, "no forged voucher was accepted");
    }

    /// An announced withdrawal has an amount and a time, or neither.
    function withdrawalsAreWholeOrAbsent() private view {
        for (uint256 i = 0; i < CHANNELS; ++i) {
            (uint128 amount, uint40 initiatedAt) = settlement.pendingWithdrawals(channelIds[i]);
            vm.assertTrue((amount == 0) == (initiatedAt == 0), "both or none");
            vm.assertLe(initiatedAt, block.timestamp, "announced in the past");
        }
    }

    /// A run that mostly reverts proves little: at least half of the calls have to get through.
    function afterInvariant() external view {
        vm.assertLe(handler.reverts() * 2, handler.calls(), "at least half of the calls succeed");
    }

    /// The handler reaches success and failure of every function that can fail in its hands.
    function test_handlerReachesEveryOutcome() external {
        for (uint256 i = 0; i < 100; ++i) {
            uint256 seed = uint256(keccak256(abi.encode(i)));
            uint128 a = uint128(seed >> 128);
            uint128 b = uint128(uint256(keccak256(abi.encode(seed))));
            handler.deposit(seed, a);
            handler.claim(seed, a, b);
            handler.claimAll(seed, b, a);
            handler.replayClaim(seed);
            handler.forgeClaim(seed, a);
            handler.initiateWithdraw(seed, a);
            handler.settle(seed);
            handler.finalizeWithdraw(seed);
            handler.refund(seed, a % 1e20);
            handler.refundSigned(seed, b % 1e20);
            handler.donate(seed, a);
        }
        happens(IBatchSettlement.deposit.selector, true, "deposit");
        happens(IBatchSettlement.claim.selector, true, "claim");
        happens(IBatchSettlement.claimWithSignature.selector, true, "claimWithSignature");
        happens(IBatchSettlement.settle.selector, false, "settle");
        happens(IBatchSettlement.refund.selector, false, "refund");
        happens(IBatchSettlement.refundWithSignature.selector, true, "refundWithSignature");
        happens(IBatchSettlement.initiateWithdraw.selector, true, "initiateWithdraw");
        happens(IBatchSettlement.finalizeWithdraw.selector, true, "finalizeWithdraw");
        vm.assertEq(handler.forgeriesAccepted(), 0, "no forged voucher was accepted");
        vm.assertLe(handler.reverts() * 2, handler.calls(), "at least half of the calls succeed");
    }

    function happens(bytes4 selector, bool canFail, string memory name) private view {
        vm.assertGe(handler.successes(selector), 10, string.concat(name, " succeeds"));
        if (canFail) vm.assertGe(handler.failures(selector), 3, string.concat(name, " fails"));
    }

    function stateOf(uint256 channel) private view returns (uint128 balance, uint128 totalClaimed) {
        return settlement.channels(channelIds[channel]);
    }
}
