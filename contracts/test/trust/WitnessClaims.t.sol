// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ProofErrors} from "../../src/trust/libraries/ProofErrors.sol";
import {SignedReceipt} from "../../src/trust/Proof.sol";
import {IFraudVerifier} from "../../src/trust/interfaces/IFraudVerifier.sol";
import {ClaimedChannel} from "./support/ClaimedChannel.sol";
import {Receipts} from "./support/Receipts.sol";

/// @notice What was claimed is witnessed on the chain, and held against what a later receipt charges.
contract WitnessClaimsTest is Receipts {
    uint256 private constant START = 1_800_000_000;

    IFraudVerifier private verifier;
    ClaimedChannel private channel;
    bytes32 private id;

    function setUp() external {
        verifier = IFraudVerifier(deployed("FraudVerifier.sol:FraudVerifier", abi.encode(CHAIN, SETTLEMENT)));
        channel = new ClaimedChannel();
        id = channel.id();
        vm.warp(START);
    }

    // ------------------------------------------------------------- the witness

    function test_seesWhatIsClaimed() external {
        channel.claim(7e18);
        (uint128 total, uint40 time) = verifier.witnessClaim(id);
        vm.assertEq(total, 7e18, "total");
        vm.assertEq(time, START, "time");
        vm.assertEq(verifier.witnessed(id, 7e18), START, "remembered");
        vm.assertEq(verifier.witnessed(id, 7e18 - 1), 0, "no other total");
        vm.assertEq(verifier.witnessed(keccak256("channel"), 7e18), 0, "no other channel");
    }

    /// The first time stays, however often and late anybody looks again.
    function test_keepsTheFirstTime() external {
        channel.claim(7e18);
        verifier.witnessClaim(id);
        vm.warp(START + 1 days);
        vm.prank(address(0xBAD));
        (, uint40 time) = verifier.witnessClaim(id);
        vm.assertEq(time, START, "told");
        vm.assertEq(verifier.witnessed(id, 7e18), START, "remembered");
    }

    /// A provider that claims on, or gives back what is left, takes no witness away.
    function test_laterClaimsTakeNothingAway() external {
        channel.claim(7e18);
        verifier.witnessClaim(id);
        vm.warp(START + 1 days);
        channel.claim(8e18);
        verifier.witnessClaim(id);
        channel.refund();
        vm.warp(START + 2 days);
        verifier.witnessClaim(id);

        vm.assertEq(verifier.witnessed(id, 7e18), START, "the older");
        vm.assertEq(verifier.witnessed(id, 8e18), START + 1 days, "the newer");
        isGuilty(receiptOf(6e18, START + 1 hours), 7e18);
    }

    function test_onlyOnItsOwnChain() external {
        vm.chainId(CHAIN + 1);
        vm.expectRevert(ProofErrors.ForeignChain.selector);
        verifier.witnessClaim(id);
    }

    // ------------------------------------------------------------- what it convicts

    function test_chargedBelowWhatWasClaimed() external {
        channel.claim(7e18);
        verifier.witnessClaim(id);
        isGuilty(receiptOf(7e18 - 1, START + 1 hours), 7e18);
        isNotGuilty(receiptOf(7e18, START + 1 hours), 7e18);
        isNotGuilty(receiptOf(7e18 + 1, START + 1 hours), 7e18);
        // Whatever the time, what is charged was charged.
        isNotGuilty(receiptOf(7e18, START - 1 days), 7e18);
    }

    /// In a batch as alone.
    function test_inABatch() external {
        channel.claim(7e18);
        verifier.witnessClaim(id);
        isGuilty(signInBatch(receiptOf(6e18, START + 1 hours).json, 5, 3), 7e18);
    }

    /// Two minutes to the millisecond, from the witness on.
    function test_laterByMoreThanClocksDiffer() external {
        channel.claim(7e18);
        vm.warp(START + 10);
        verifier.witnessClaim(id);
        isGuilty(signAlone(textOf(6e18, (START + 130) * 1000 + 1)), 7e18);
        refuses(signAlone(textOf(6e18, (START + 130) * 1000)), 7e18, ProofErrors.NotLaterThanClaim.selector);
        refuses(receiptOf(6e18, START - 1 days), 7e18, ProofErrors.NotLaterThanClaim.selector);
    }

    /// A total that nobody saw is nobody's word, though less or more was seen.
    function test_onlyWhatWasWitnessed() external {
        channel.claim(7e18);
        refuses(receiptOf(6e18, START + 1 hours), 7e18, ProofErrors.NotWitnessed.selector);
        verifier.witnessClaim(id);
        refuses(receiptOf(6e18, START + 1 hours), 7e18 - 1, ProofErrors.NotWitnessed.selector);
        refuses(receiptOf(6e18, START + 1 hours), 7e18 + 1, ProofErrors.NotWitnessed.selector);
        refuses(receiptOf(8e18, START + 1 hours), 7e18 + 1, ProofErrors.NotWitnessed.selector);
    }

    function test_onlyOfItsChannel() external {
        channel.claim(7e18);
        verifier.witnessClaim(id);
        refuses(signAlone(write(draft())), 7e18, ProofErrors.NotWitnessed.selector);
    }

    /// A channel on which nothing was claimed convicts nobody.
    function test_nothingClaimed() external {
        (uint128 total,) = verifier.witnessClaim(id);
        vm.assertEq(total, 0, "nothing");
        isNotGuilty(receiptOf(0, START + 1 hours), 0);
    }

    function test_onlyWhatItsProviderSigned() external {
        channel.claim(7e18);
        verifier.witnessClaim(id);
        SignedReceipt memory signed = receiptOf(6e18, START + 1 hours);
        signed.signature = signHead(0xBAD, leafHash(signed.json));
        refuses(signed, 7e18, ProofErrors.NotSignedByProvider.selector);
    }

    // ------------------------------------------------------------- who does not overcharge

    /// A provider that claims at most what it has charged is never guilty: not by any of its receipts against any
    /// witness, whoever looks when, as long as its clock is within two minutes of the chain's.
    function testFuzz_honestClaimsConvictNobody(uint64[8] memory charges, uint256 choices, int8 skew) external {
        SignedReceipt[8] memory receipts;
        uint128[8] memory totals;
        uint128 charged;
        int256 ahead = int256(skew) * 120 / 128;
        uint256 time = START;
        for (uint256 i = 0; i < 8; ++i) {
            uint256 choice = uint256(keccak256(abi.encode(choices, i)));
            time += choice % 400;
            vm.warp(time);
            charged += charges[i];
            receipts[i] = receiptOf(charged, uint256(int256(time) + ahead));
            // All that is charged or a part of it, at once or after a while.
            if ((choice >> 16) % 2 == 0 && charged > 0) {
                channel.claim((choice >> 24) % 3 == 0 ? (charged + 1) / 2 : charged);
            }
            if ((choice >> 32) % 4 > 0) (totals[i],) = verifier.witnessClaim(id);
        }
        for (uint256 i = 0; i < 8; ++i) {
            for (uint256 j = 0; j < 8; ++j) {
                noneIsGuilty(receipts[i], totals[j]);
            }
        }
    }

    /// Each of the conditions, at the line between guilty and not.
    function testFuzz_overchargeIsExact(uint64 total, uint256 charged, uint256 finished, uint32 seenAfter) external {
        total = uint64(within(total, 1, type(uint64).max));
        charged = within(charged, total > 2 ? total - 2 : 0, uint256(total) + 2);
        channel.claim(total);
        vm.warp(START + seenAfter);
        verifier.witnessClaim(id);
        uint256 line = (START + seenAfter) * 1000 + 120_000;
        finished = within(finished, line - 2, line + 2);

        SignedReceipt memory signed = signAlone(textOf(charged, finished));
        if (charged >= total) isNotGuilty(signed, total);
        else if (finished > line) isGuilty(signed, total);
        else refuses(signed, total, ProofErrors.NotLaterThanClaim.selector);
    }

    // ------------------------------------------------------------- what tests need

    /// @dev A receipt of the channel that ended at a second.
    function receiptOf(uint256 charged, uint256 time) private view returns (SignedReceipt memory) {
        return signAlone(textOf(charged, time * 1000));
    }

    function textOf(uint256 charged, uint256 finished) private view returns (bytes memory) {
        Draft memory it = draft();
        it.channel = digestText(id);
        it.charged = json.toString(charged);
        it.finished = json.toString(finished);
        return write(it);
    }

    function isGuilty(SignedReceipt memory signed, uint128 total) private view {
        (bool guilty, address named) = verifier.overcharge(signed, total);
        vm.assertTrue(guilty, "guilty");
        vm.assertEq(named, provider, "provider");
    }

    function isNotGuilty(SignedReceipt memory signed, uint128 total) private view {
        (bool guilty, address named) = verifier.overcharge(signed, total);
        vm.assertFalse(guilty, "not guilty");
        vm.assertEq(named, provider, "provider");
    }

    function noneIsGuilty(SignedReceipt memory signed, uint128 total) private view {
        try verifier.overcharge(signed, total) returns (bool guilty, address) {
            vm.assertFalse(guilty, "not guilty");
        } catch (bytes memory reason) {
            bytes4 known = bytes4(reason);
            vm.assertTrue(
                known == ProofErrors.NotLaterThanClaim.selector || known == ProofErrors.NotWitnessed.selector, "reason"
            );
        }
    }

    function refuses(SignedReceipt memory signed, uint128 total, bytes4 reason) private {
        vm.expectRevert(reason);
        verifier.overcharge(signed, total);
    }
}
