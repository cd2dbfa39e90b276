// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ProofErrors} from "../../src/trust/libraries/ProofErrors.sol";
import {SignedReceipt} from "../../src/trust/Proof.sol";
import {IFraudVerifier} from "../../src/trust/interfaces/IFraudVerifier.sol";
import {ClaimedChannel} from "./support/ClaimedChannel.sol";
import {Receipts} from "./support/Receipts.sol";

/// @notice What was claimed is witnessed on the chain, and held against receipts whose providers say that they had seen it.
contract WitnessClaimsTest is Receipts {
    uint256 private constant START = 5000;
    address private constant HISTORY = 0x0000F90827F1C53a10cb7A02335B175320002935;

    IFraudVerifier private verifier;
    ClaimedChannel private channel;
    bytes32 private id;

    function setUp() external {
        verifier = IFraudVerifier(deployed("FraudVerifier.sol:FraudVerifier", abi.encode(CHAIN, SETTLEMENT)));
        channel = new ClaimedChannel();
        id = channel.id();
        vm.roll(START);
    }

    // ------------------------------------------------------------- the witness of a claim

    function test_seesWhatIsClaimed() external {
        channel.claim(7e18);
        (uint128 total, uint256 number) = verifier.witnessClaim(id);
        vm.assertEq(total, 7e18, "total");
        vm.assertEq(number, START, "block");
        vm.assertEq(verifier.witnessed(id, 7e18), START, "remembered");
        vm.assertEq(verifier.witnessed(id, 7e18 - 1), 0, "no other total");
        vm.assertEq(verifier.witnessed(keccak256("channel"), 7e18), 0, "no other channel");
    }

    /// The first block stays, however often and late anybody looks again.
    function test_keepsTheFirstBlock() external {
        channel.claim(7e18);
        verifier.witnessClaim(id);
        vm.roll(START + 100);
        vm.prank(address(0xBAD));
        (, uint256 number) = verifier.witnessClaim(id);
        vm.assertEq(number, START, "told");
        vm.assertEq(verifier.witnessed(id, 7e18), START, "remembered");
    }

    /// A provider that claims on, or gives back what is left, takes no witness away.
    function test_laterClaimsTakeNothingAway() external {
        channel.claim(7e18);
        verifier.witnessClaim(id);
        vm.roll(START + 100);
        channel.claim(8e18);
        verifier.witnessClaim(id);
        channel.refund();
        vm.roll(START + 200);
        verifier.witnessClaim(id);

        vm.assertEq(verifier.witnessed(id, 7e18), START, "the older");
        vm.assertEq(verifier.witnessed(id, 8e18), START + 100, "the newer");
        isGuilty(receiptOf(6e18, START + 50), 7e18);
    }

    function test_onlyOnItsOwnChain() external {
        vm.chainId(CHAIN + 1);
        vm.expectRevert(ProofErrors.ForeignChain.selector);
        verifier.witnessClaim(id);
        vm.expectRevert(ProofErrors.ForeignChain.selector);
        verifier.witnessBlock(START - 1);
    }

    // ------------------------------------------------------------- the witness of a block

    function test_remembersTheHashOfABlock() external {
        bytes32 hash = hashAt(START - 1);
        vm.assertEq(verifier.witnessedBlocks(START - 1), 0, "not yet");
        vm.assertEq(verifier.witnessBlock(START - 1), hash, "told");
        vm.roll(START + 100_000);
        vm.assertEq(verifier.witnessedBlocks(START - 1), hash, "remembered");
        // Where it cannot be looked up any more, what is remembered stays.
        vm.assertEq(verifier.witnessBlock(START - 1), hash, "again");
        vm.assertEq(verifier.witnessedBlocks(START - 1), hash, "still");
    }

    /// Neither the block that is being made, nor one to come, nor one that is too far back.
    function test_noBlockThatCannotBeLookedUp() external {
        uint256[4] memory numbers = [START, START + 1, START - 257, type(uint256).max];
        for (uint256 i = 0; i < 4; ++i) {
            vm.expectRevert(ProofErrors.BlockNotWitnessed.selector);
            verifier.witnessBlock(numbers[i]);
            vm.assertEq(verifier.witnessedBlocks(numbers[i]), 0, "nothing remembered");
        }
    }

    /// A chain that keeps the hashes of 8,191 blocks (EIP-2935) is asked for those before the last 256.
    function test_looksFurtherBackWhereTheChainKeepsHashes() external {
        bytes32 hash = keccak256("kept");
        // Returns one word, for one number, and reverts for any other.
        bytes memory keeper = abi.encodePacked(
            hex"5f35",
            hex"61",
            uint16(START - 257),
            hex"1460",
            hex"0c",
            hex"575f5ffd",
            hex"5b7f",
            hash,
            hex"5f5260205ff3"
        );
        vm.etch(HISTORY, keeper);
        vm.assertEq(verifier.witnessBlock(START - 257), hash, "kept");
        vm.expectRevert(ProofErrors.BlockNotWitnessed.selector);
        verifier.witnessBlock(START - 258);
    }

    // ------------------------------------------------------------- what it convicts

    function test_chargedBelowWhatWasClaimed() external {
        channel.claim(7e18);
        verifier.witnessClaim(id);
        isGuilty(receiptOf(7e18 - 1, START), 7e18);
        isGuilty(receiptOf(0, START + 200), 7e18);
        isNotGuilty(receiptOf(7e18, START + 1), 7e18);
        isNotGuilty(receiptOf(7e18 + 1, START + 1), 7e18);
        // Whatever block it names, what is charged was charged.
        isNotGuilty(receiptOf(7e18, START - 1), 7e18);
        isNotGuilty(signAlone(textOf(7e18, "null")), 7e18);
    }

    /// In a batch as alone.
    function test_inABatch() external {
        channel.claim(7e18);
        verifier.witnessClaim(id);
        isGuilty(signInBatch(receiptOf(6e18, START + 10).json, 5, 3), 7e18);
    }

    /// From the block of the witness on: by its end so much was claimed, and it stays claimed.
    function test_fromTheBlockOfTheWitnessOn() external {
        channel.claim(7e18);
        vm.roll(START + 10);
        verifier.witnessClaim(id);
        isGuilty(receiptOf(6e18, START + 10), 7e18);
        isGuilty(receiptOf(6e18, START + 11), 7e18);
        refuses(receiptOf(6e18, START + 9), 7e18, ProofErrors.NotLaterThanClaim.selector);
        refuses(receiptOf(6e18, 0), 7e18, ProofErrors.NotLaterThanClaim.selector);
        refuses(signAlone(textOf(6e18, "null")), 7e18, ProofErrors.NotLaterThanClaim.selector);
    }

    /// What a provider had seen of a chain that is not this one, or is not any more, convicts nobody.
    function test_onlyABlockOfThisChain() external {
        channel.claim(7e18);
        verifier.witnessClaim(id);
        hashAt(START + 5);
        refuses(
            signAlone(textOf(6e18, seenText(START + 5, keccak256("fork")))), 7e18, ProofErrors.NotOnThisChain.selector
        );
        refuses(signAlone(textOf(6e18, seenText(START + 5, 0))), 7e18, ProofErrors.NotOnThisChain.selector);
    }

    /// While it can be looked up, or else by its witness; never by nobody's word.
    function test_theHashIsLookedUpOrWitnessed() external {
        channel.claim(7e18);
        verifier.witnessClaim(id);
        SignedReceipt memory signed = receiptOf(6e18, START + 5);
        SignedReceipt memory other = receiptOf(6e18, START + 6);
        verifier.witnessBlock(START + 5);
        vm.roll(START + 5 + 257);
        isGuilty(signed, 7e18);
        vm.assertTrue(guiltOf(other, 7e18), "the last that can be looked up");
        vm.roll(START + 6 + 257);
        isGuilty(signed, 7e18);
        refuses(other, 7e18, ProofErrors.BlockNotWitnessed.selector);
        // One to come, and the one that is being made.
        for (uint256 i = 0; i < 2; ++i) {
            string memory seen = seenText(START + 6 + 257 + i, 0);
            refuses(signAlone(textOf(6e18, seen)), 7e18, ProofErrors.BlockNotWitnessed.selector);
        }
    }

    /// A total that nobody saw is nobody's word, though less or more was seen.
    function test_onlyWhatWasWitnessed() external {
        channel.claim(7e18);
        refuses(receiptOf(6e18, START + 5), 7e18, ProofErrors.NotWitnessed.selector);
        verifier.witnessClaim(id);
        refuses(receiptOf(6e18, START + 5), 7e18 - 1, ProofErrors.NotWitnessed.selector);
        refuses(receiptOf(6e18, START + 5), 7e18 + 1, ProofErrors.NotWitnessed.selector);
        // What is charged needs no witness.
        isNotGuilty(receiptOf(8e18, START + 5), 7e18 + 1);
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
        isNotGuilty(receiptOf(0, START + 5), 0);
    }

    function test_onlyWhatItsProviderSigned() external {
        channel.claim(7e18);
        verifier.witnessClaim(id);
        SignedReceipt memory signed = receiptOf(6e18, START + 5);
        signed.signature = signHead(0xBAD, leafHash(signed.json));
        refuses(signed, 7e18, ProofErrors.NotSignedByProvider.selector);
    }

    // ------------------------------------------------------------- who does not overcharge

    /// Each of the conditions, at the line between guilty and not.
    function testFuzz_overchargeIsExact(uint64 total, uint256 charged, uint256 named, uint8 seenAfter, bool isHere)
        external
    {
        total = uint64(within(total, 1, type(uint64).max));
        charged = within(charged, total > 2 ? total - 2 : 0, uint256(total) + 2);
        channel.claim(total);
        uint256 line = START + uint256(seenAfter);
        vm.roll(line);
        verifier.witnessClaim(id);
        named = within(named, line - 2, line + 2);
        bytes32 hash = hashAt(named);
        vm.roll(line + 3);

        SignedReceipt memory signed = signAlone(textOf(charged, seenText(named, isHere ? hash : ~hash)));
        if (charged >= total) isNotGuilty(signed, total);
        else if (named < line) refuses(signed, total, ProofErrors.NotLaterThanClaim.selector);
        else if (isHere) isGuilty(signed, total);
        else refuses(signed, total, ProofErrors.NotOnThisChain.selector);
    }

    // ------------------------------------------------------------- what tests need

    /// @dev A receipt of the channel that names a block of this chain, which is made up to there.
    function receiptOf(uint256 charged, uint256 number) private returns (SignedReceipt memory) {
        return signAlone(textOf(charged, seenText(number, hashAt(number))));
    }

    /// @dev The hash of a block; the chain is made longer where it does not have it yet.
    function hashAt(uint256 number) private returns (bytes32 hash) {
        hash = keccak256(abi.encode("block", number));
        if (block.number <= number) vm.roll(number + 1);
        if (number + 256 >= block.number) vm.setBlockhash(number, hash);
    }

    function textOf(uint256 charged, string memory seen) private view returns (bytes memory) {
        Draft memory it = draft();
        it.channel = digestText(id);
        it.charged = json.toString(charged);
        it.seen = seen;
        return write(it);
    }

    function guiltOf(SignedReceipt memory signed, uint128 total) private view returns (bool guilty) {
        (guilty,) = verifier.overcharge(signed, total);
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

    function refuses(SignedReceipt memory signed, uint128 total, bytes4 reason) private {
        vm.expectRevert(reason);
        verifier.overcharge(signed, total);
    }
}
