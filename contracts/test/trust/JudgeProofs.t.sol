// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IBatchSettlement} from "../../src/settlement/interfaces/IBatchSettlement.sol";
import {ProofErrors} from "../../src/trust/libraries/ProofErrors.sol";
import {EvidenceHead, EvidenceLeaf, MerklePath, SignedOffer, SignedReceipt} from "../../src/trust/Proof.sol";
import {IFraudVerifier} from "../../src/trust/interfaces/IFraudVerifier.sol";
import {Receipts} from "./support/Receipts.sol";

/// @notice Proofs come out on chain as they do in TypeScript: guilty where it says dishonest, not guilty where it says
/// honest, refused where it refuses or cannot say.
contract JudgeProofsTest is Receipts {
    IFraudVerifier private verifier;

    function setUp() external {
        verifier = newVerifier();
    }

    function newVerifier() private returns (IFraudVerifier) {
        return IFraudVerifier(deployed("FraudVerifier.sol:FraudVerifier", abi.encode(CHAIN, SETTLEMENT)));
    }

    // ------------------------------------------------------------- the vectors

    struct Tally {
        uint256 guilty;
        uint256 notGuilty;
        uint256 refused;
    }

    function test_equivocationVectors() external {
        Tally memory tally = judgeAll("equivocation");
        vm.assertGe(tally.guilty, 2, "guilty");
        vm.assertGe(tally.notGuilty, 2, "not guilty");
        vm.assertGe(tally.refused, 3, "refused");
    }

    function test_overcountVectors() external {
        Tally memory tally = judgeAll("overcount");
        vm.assertGe(tally.guilty, 2, "guilty");
        vm.assertGe(tally.notGuilty, 4, "not guilty");
        vm.assertGe(tally.refused, 2, "refused");
    }

    function test_redrawVectors() external {
        Tally memory tally = judgeAll("redraw");
        vm.assertGe(tally.guilty, 5, "guilty");
        vm.assertGe(tally.notGuilty, 5, "not guilty");
        vm.assertGe(tally.refused, 7, "refused");
    }

    function test_malformedVectors() external {
        Tally memory tally = judgeAll("malformed");
        vm.assertGe(tally.guilty, 4, "guilty");
        vm.assertGe(tally.notGuilty, 3, "not guilty");
    }

    function test_overchargeVectors() external {
        Tally memory tally = judgeAll("overcharge");
        vm.assertGe(tally.guilty, 5, "guilty");
        vm.assertGe(tally.notGuilty, 6, "not guilty");
        vm.assertGe(tally.refused, 10, "refused");
    }

    function test_wrongModelVectors() external {
        Tally memory tally = judgeAll("wrong-model");
        vm.assertGe(tally.guilty, 3, "guilty");
        vm.assertGe(tally.notGuilty, 2, "not guilty");
        vm.assertGe(tally.refused, 4, "refused");
    }

    function judgeAll(string memory kind) private returns (Tally memory tally) {
        string memory file = inferenceVectors("proof");
        uint256 cases = casesOf(file);
        for (uint256 i = 0; i < cases; ++i) {
            string memory found = json.parseJsonString(file, string.concat(caseAt(i), ".input.proof.kind"));
            if (!same(found, kind)) continue;
            // A call of its own, for the file is large and every question to it takes a copy of it.
            string memory verdict = this.judgeCase(i);
            if (same(verdict, "dishonest")) ++tally.guilty;
            else if (same(verdict, "honest")) ++tally.notGuilty;
            else ++tally.refused;
        }
    }

    /// @return verdict What TypeScript says, and the chain too.
    function judgeCase(uint256 i) external returns (string memory verdict) {
        string memory file = inferenceVectors("proof");
        string memory name = nameAt(file, i);
        address pinned = json.parseJsonAddress(file, string.concat(caseAt(i), ".input.proof.provider"));
        string memory key = string.concat(caseAt(i), ".output.outcome.verdict");
        verdict = json.keyExistsJson(file, key)
            ? json.parseJsonString(file, key)
            : json.parseJsonString(file, string.concat(caseAt(i), ".output.refused"));

        bytes memory call = callOf(file, i);
        (bool success, bytes memory answer) = address(verifier).staticcall(call);
        if (success) {
            (bool guilty, address provider) = abi.decode(answer, (bool, address));
            if (same(verdict, "receipt_signer")) {
                // Whom the caller means is for the caller to compare here.
                vm.assertTrue(provider != pinned, name);
                return verdict;
            }
            vm.assertEq(provider, pinned, name);
            vm.assertTrue(same(verdict, guilty ? "dishonest" : "honest"), name);
        } else {
            vm.assertTrue(isKnown(answer), name);
            vm.assertFalse(same(verdict, "dishonest") || same(verdict, "honest"), name);
        }
    }

    function callOf(string memory file, uint256 i) private returns (bytes memory) {
        string memory proof = string.concat(caseAt(i), ".input.proof");
        string memory steps = string.concat(caseAt(i), ".output.receipts");
        string memory kind = json.parseJsonString(file, string.concat(proof, ".kind"));
        SignedReceipt memory signed = receiptAt(file, itemAt(steps, 0));
        if (same(kind, "equivocation")) {
            return abi.encodeCall(IFraudVerifier.equivocation, (signed, receiptAt(file, itemAt(steps, 1))));
        }
        if (same(kind, "overcharge")) return abi.encodeCall(IFraudVerifier.overcharge, (signed, witness(file, proof)));
        if (same(kind, "wrong-model")) {
            SignedOffer memory offer = offerAt(file, string.concat(caseAt(i), ".output.offer"));
            return abi.encodeCall(IFraudVerifier.wrongModel, (signed, offer));
        }
        string memory headKey = string.concat(proof, ".head");
        if (same(kind, "overcount")) {
            return abi.encodeCall(IFraudVerifier.overcount, (signed, leafAt(file, headKey)));
        }
        EvidenceLeaf memory leaf = leafAt(file, string.concat(proof, ".leaf"));
        // A proof against the head alone shows it once.
        EvidenceLeaf memory head = json.keyExistsJson(file, headKey) ? leafAt(file, headKey) : leaf;
        if (same(kind, "redraw")) return abi.encodeCall(IFraudVerifier.redraw, (signed, head, leaf));
        return abi.encodeCall(IFraudVerifier.malformed, (signed, head, leaf));
    }

    /// @dev Shows a new verifier a settlement contract and a chain that say what the proof says of them.
    function witness(string memory file, string memory proof) private returns (uint128 total) {
        verifier = newVerifier();
        bytes32 channel = json.parseJsonBytes32(file, string.concat(proof, ".claim.channel"));
        total = uint128(json.parseJsonUint(file, string.concat(proof, ".claim.totalClaimed")));
        vm.mockCall(SETTLEMENT, abi.encodeCall(IBatchSettlement.channels, (channel)), abi.encode(total, total));
        uint256 number = json.parseJsonUint(file, string.concat(proof, ".claim.block"));
        string memory seen = json.parseJsonString(file, string.concat(proof, ".claim.witnessed"));
        uint256 witnessed = same(seen, "null") ? 0 : json.parseJsonUint(file, string.concat(proof, ".claim.witnessed"));
        if (witnessed > 0) {
            vm.roll(witnessed);
            verifier.witnessClaim(channel);
        }
        vm.roll((witnessed > number ? witnessed : number) + 2);
        vm.setBlockhash(number, json.parseJsonBytes32(file, string.concat(proof, ".claim.hash")));
        // Of which the proof says nothing.
        vm.setBlockhash(number - 1, keccak256("another block"));
        vm.setBlockhash(number + 1, keccak256("another block"));
    }

    function isKnown(bytes memory reason) private pure returns (bool) {
        if (reason.length != 4) return false;
        bytes4[21] memory known = [
            ProofErrors.MalformedText.selector,
            ProofErrors.ForeignReceipt.selector,
            ProofErrors.MalformedPath.selector,
            ProofErrors.NotSignedByProvider.selector,
            ProofErrors.DifferentProviders.selector,
            ProofErrors.DifferentPlaces.selector,
            ProofErrors.NotWitnessed.selector,
            ProofErrors.NothingCharged.selector,
            ProofErrors.NotTheOffer.selector,
            ProofErrors.NotLaterThanClaim.selector,
            ProofErrors.BlockNotWitnessed.selector,
            ProofErrors.NotOnThisChain.selector,
            ProofErrors.UnknownWorkload.selector,
            ProofErrors.NoEvidence.selector,
            ProofErrors.NotInEvidence.selector,
            ProofErrors.LeafTooLong.selector,
            ProofErrors.NotTheHead.selector,
            ProofErrors.NotPositions.selector,
            ProofErrors.MalformedHead.selector,
            ProofErrors.MalformedPositions.selector,
            ProofErrors.NotReplayable.selector
        ];
        for (uint256 i = 0; i < known.length; ++i) {
            if (bytes4(reason) == known[i]) return true;
        }
        return false;
    }

    // ------------------------------------------------------------- what was altered convicts nobody

    struct Honest {
        SignedReceipt receipt;
        EvidenceLeaf head;
        EvidenceLeaf leaf;
    }

    /// @dev An honest answer of 40 positions: its receipt in a batch of eight, its head, and its second leaf.
    function honest() private view returns (Honest memory it) {
        EvidenceHead memory head = headOf(40);
        head.temperature = 0;
        bytes memory positions = abi.encodePacked(hex"010000002008");
        for (uint256 i = 0; i < 8; ++i) {
            positions =
                abi.encodePacked(positions, hex"0300", uint16(5), hex"0a", uint16(3), hex"8001", uint16(7), hex"00");
        }
        bytes32 firstLeaf = leafHash("the first leaf of positions");
        bytes32 left = nodeHash(leafHash(write(head)), firstLeaf);
        it.head = EvidenceLeaf(write(head), MerklePath(0, 3, new bytes32[](2)));
        (it.head.path.siblings[0], it.head.path.siblings[1]) = (firstLeaf, leafHash(positions));
        it.leaf = EvidenceLeaf(positions, MerklePath(2, 3, new bytes32[](1)));
        it.leaf.path.siblings[0] = left;

        Draft memory text = draft();
        text.evidence = quoted(commitmentOf(nodeHash(left, leafHash(positions)), 3));
        it.receipt = signInBatch(write(text), 5, 3);
    }

    function headOf(uint256 positions) private pure returns (EvidenceHead memory) {
        return EvidenceHead({
            replayable: true,
            ended: true,
            width: 2,
            choice: 0,
            topK: 20,
            temperature: 700,
            topP: 950_000,
            vocabulary: 32_000,
            prompt: 9,
            positions: positions,
            promptDigest: keccak256("prompt"),
            seed: keccak256("seed"),
            class: keccak256("class")
        });
    }

    function quoted(bytes32 digest) private pure returns (string memory) {
        return string.concat('"', digestText(digest), '"');
    }

    function test_honestIsNotGuilty() external view {
        Honest memory it = honest();
        notGuilty(abi.encodeCall(IFraudVerifier.redraw, (it.receipt, it.head, it.leaf)));
        notGuilty(abi.encodeCall(IFraudVerifier.malformed, (it.receipt, it.head, it.leaf)));
        notGuilty(abi.encodeCall(IFraudVerifier.malformed, (it.receipt, it.head, it.head)));
        notGuilty(abi.encodeCall(IFraudVerifier.overcount, (it.receipt, it.head)));
        notGuilty(abi.encodeCall(IFraudVerifier.equivocation, (it.receipt, it.receipt)));
        notGuilty(abi.encodeCall(IFraudVerifier.equivocation, (it.receipt, signAlone(it.receipt.json))));
    }

    function notGuilty(bytes memory call) private view {
        (bool success, bytes memory answer) = address(verifier).staticcall(call);
        vm.assertTrue(success, "answered");
        (bool guilty, address named) = abi.decode(answer, (bool, address));
        vm.assertFalse(guilty, "not guilty");
        vm.assertEq(named, provider, "provider");
    }

    /// A byte altered anywhere in what an honest provider signed convicts nobody.
    function testFuzz_oneByteAltered(uint256 part, uint256 place, uint8 change) external view {
        change = uint8(within(change, 1, 255));
        Honest memory it = honest();
        SignedReceipt memory before = honest().receipt;
        part = within(part, 0, 8);
        if (part == 0) alter(it.receipt.json, place, change);
        else if (part == 1) alter(it.receipt.signature, place, change);
        else if (part == 2) alter(it.receipt.path, place, change);
        else if (part == 3) alter(it.head.leaf, place, change);
        else if (part == 4) alter(it.head.path, place, change);
        else if (part == 5) alter(it.leaf.leaf, place, change);
        else if (part == 6) alter(it.leaf.path, place, change);
        // Leaves or paths exchanged.
        else if (part == 7) it.head = it.leaf;
        else it.leaf.path = it.head.path;

        noneIsGuilty(abi.encodeCall(IFraudVerifier.redraw, (it.receipt, it.head, it.leaf)));
        noneIsGuilty(abi.encodeCall(IFraudVerifier.malformed, (it.receipt, it.head, it.leaf)));
        noneIsGuilty(abi.encodeCall(IFraudVerifier.malformed, (it.receipt, it.head, it.head)));
        noneIsGuilty(abi.encodeCall(IFraudVerifier.overcount, (it.receipt, it.head)));
        noneIsGuilty(abi.encodeCall(IFraudVerifier.equivocation, (before, it.receipt)));
        noneIsGuilty(abi.encodeCall(IFraudVerifier.equivocation, (it.receipt, before)));
    }

    /// A byte altered anywhere in the call itself.
    function testFuzz_oneByteOfTheCallAltered(uint256 kind, uint256 place, uint8 change) external view {
        Honest memory it = honest();
        bytes memory call;
        kind = within(kind, 0, 3);
        if (kind == 0) call = abi.encodeCall(IFraudVerifier.redraw, (it.receipt, it.head, it.leaf));
        else if (kind == 1) call = abi.encodeCall(IFraudVerifier.malformed, (it.receipt, it.head, it.leaf));
        else if (kind == 2) call = abi.encodeCall(IFraudVerifier.overcount, (it.receipt, it.head));
        else call = abi.encodeCall(IFraudVerifier.equivocation, (it.receipt, signAlone(it.receipt.json)));
        place = within(place, 4, call.length - 1);
        call[place] ^= bytes1(uint8(within(change, 1, 255)));

        (bool success, bytes memory answer) = address(verifier).staticcall(call);
        if (success) {
            (bool guilty,) = abi.decode(answer, (bool, address));
            vm.assertFalse(guilty, "not guilty");
        } else {
            // What is not the form of a call has no reason of its own.
            vm.assertTrue(answer.length == 0 || isKnown(answer) || isPanic(answer), "known");
        }
    }

    /// Random bytes in every place.
    function testFuzz_randomBytes(
        bytes memory text,
        bytes memory proof,
        bytes memory head,
        bytes memory leaf,
        bytes32[] memory siblings,
        uint64 index
    ) external view {
        MerklePath memory path = MerklePath(index % 8, 8, siblings);
        SignedReceipt memory signed = SignedReceipt(text, path, proof);
        Honest memory it = honest();
        noneIsGuilty(abi.encodeCall(IFraudVerifier.equivocation, (signed, it.receipt)));
        noneIsGuilty(
            abi.encodeCall(IFraudVerifier.redraw, (signed, EvidenceLeaf(head, path), EvidenceLeaf(leaf, path)))
        );
        noneIsGuilty(
            abi.encodeCall(IFraudVerifier.redraw, (it.receipt, EvidenceLeaf(head, path), EvidenceLeaf(leaf, path)))
        );
        noneIsGuilty(abi.encodeCall(IFraudVerifier.malformed, (it.receipt, it.head, EvidenceLeaf(leaf, path))));
        noneIsGuilty(abi.encodeCall(IFraudVerifier.overcount, (it.receipt, EvidenceLeaf(head, path))));
    }

    function testFuzz_randomCalls(bytes4 selector, bytes memory arguments) external view {
        (bool success,) = address(verifier).staticcall(bytes.concat(IFraudVerifier.redraw.selector, arguments));
        vm.assertFalse(success, "not a call");
        (success,) = address(verifier).staticcall(bytes.concat(IFraudVerifier.equivocation.selector, arguments));
        vm.assertFalse(success, "not a call");
        if (selector == IFraudVerifier.CHAIN_ID.selector || selector == IFraudVerifier.SETTLEMENT.selector) return;
        (success,) = address(verifier).staticcall(bytes.concat(selector, arguments));
        vm.assertFalse(success, "no such function");
    }

    function noneIsGuilty(bytes memory call) private view {
        (bool success, bytes memory answer) = address(verifier).staticcall(call);
        if (!success) {
            vm.assertTrue(isKnown(answer), "a known reason");
            return;
        }
        (bool guilty,) = abi.decode(answer, (bool, address));
        vm.assertFalse(guilty, "not guilty");
    }

    function isPanic(bytes memory reason) private pure returns (bool) {
        return reason.length == 36 && bytes4(reason) == bytes4(keccak256("Panic(uint256)"));
    }

    function alter(bytes memory whole, uint256 place, uint8 change) private pure {
        whole[within(place, 0, whole.length - 1)] ^= bytes1(change);
    }

    function alter(MerklePath memory path, uint256 place, uint8 change) private pure {
        place = within(place, 0, 1 + path.siblings.length);
        if (place == 0) path.index ^= change;
        else if (place == 1) path.size ^= change;
        else path.siblings[place - 2] ^= bytes32(uint256(change) << (place % 32));
    }

    // ------------------------------------------------------------- what convicts

    /// Each of the proofs, at the line between guilty and not.
    function testFuzz_overcountIsExact(uint32 positions, bool ended, uint32 read, uint64[3] memory counted)
        external
        view
    {
        EvidenceHead memory head = headOf(positions);
        head.ended = ended && positions > 0;
        head.prompt = read;
        // Near the line, on both sides.
        uint256 written = positions - (head.ended ? 1 : 0);
        uint256 completion = within(counted[0], written > 2 ? written - 2 : 0, written + 2);
        uint256 prompt = within(counted[1], 0, uint256(read) + 1);
        uint256 cached = within(counted[2], 0, uint256(read) + 2 - prompt);

        uint256 size = 1 + (uint256(positions) + 31) / 32;
        EvidenceLeaf memory leaf = EvidenceLeaf(write(head), MerklePath(0, uint64(size), siblingsOf(size)));
        bytes32 root = leafHash(leaf.leaf);
        for (uint256 i = 0; i < leaf.path.siblings.length; ++i) {
            root = nodeHash(root, bytes32(0));
        }
        Draft memory text = draft();
        text.evidence = quoted(commitmentOf(root, size));
        text.usage = string.concat(
            '{"cached":"',
            json.toString(cached),
            '","completion":"',
            json.toString(completion),
            '","prompt":"',
            json.toString(prompt),
            '"}'
        );
        (bool guilty, address named) = verifier.overcount(signAlone(write(text)), leaf);
        vm.assertTrue(guilty == (completion > written || prompt + cached > read), "guilty");
        vm.assertEq(named, provider, "provider");
    }

    /// @dev As many siblings as the first leaf of so many has.
    function siblingsOf(uint256 size) private pure returns (bytes32[] memory) {
        uint256 levels;
        while (2 ** levels < size) ++levels;
        return new bytes32[](levels);
    }

    /// A leaf that is too long is the provider's fault, as long as anybody looks at it.
    function test_leafTooLong() external {
        (EvidenceLeaf memory head, EvidenceLeaf memory leaf, SignedReceipt memory signed) =
            bound(headOf(2), new bytes(65_536));
        (bool guilty, address named) = verifier.malformed(signed, head, leaf);
        vm.assertTrue(guilty && named == provider, "too long");
        vm.expectRevert(ProofErrors.MalformedPositions.selector);
        verifier.redraw(signed, head, leaf);

        (head, leaf, signed) = bound(headOf(2), new bytes(131_073));
        vm.expectRevert(ProofErrors.LeafTooLong.selector);
        verifier.malformed(signed, head, leaf);
    }

    /// The leaf of positions is judged as a whole: a rule broken behind a wrong draw is another proof.
    function test_aBrokenRuleComesBeforeAWrongDraw() external {
        // Two positions of the tokens 5 and 6, equally likely; the first position marks the second as drawn.
        bytes memory wrong = hex"010000000002" hex"0201" hex"00050a" hex"000600" hex"0200" hex"00050a" hex"000600";
        EvidenceHead memory told = headOf(2);
        told.topP = 1;
        (EvidenceLeaf memory head, EvidenceLeaf memory leaf, SignedReceipt memory signed) = bound(told, wrong);
        (bool guilty,) = verifier.redraw(signed, head, leaf);
        vm.assertTrue(guilty, "a wrong draw");

        bytes memory broken = bytes.concat(wrong, hex"00");
        (head, leaf, signed) = bound(told, broken);
        vm.expectRevert(ProofErrors.MalformedPositions.selector);
        verifier.redraw(signed, head, leaf);
        (guilty,) = verifier.malformed(signed, head, leaf);
        vm.assertTrue(guilty, "a byte behind");
    }

    function test_nothingToDrawAgain() external {
        EvidenceHead memory told = headOf(2);
        told.replayable = false;
        (EvidenceLeaf memory head, EvidenceLeaf memory leaf, SignedReceipt memory signed) = bound(told, "leaf");
        vm.expectRevert(ProofErrors.NotReplayable.selector);
        verifier.redraw(signed, head, leaf);
        vm.expectRevert(ProofErrors.NotPositions.selector);
        verifier.redraw(signed, head, head);
        vm.expectRevert(ProofErrors.NotTheHead.selector);
        verifier.redraw(signed, leaf, leaf);
        vm.expectRevert(ProofErrors.NotTheHead.selector);
        verifier.overcount(signed, leaf);

        signed = signAlone(write(draft()));
        vm.expectRevert(ProofErrors.NoEvidence.selector);
        verifier.redraw(signed, head, leaf);
        vm.expectRevert(ProofErrors.NoEvidence.selector);
        verifier.malformed(signed, head, leaf);

        told.width = 4;
        (head, leaf, signed) = bound(told, "leaf");
        vm.expectRevert(ProofErrors.MalformedHead.selector);
        verifier.redraw(signed, head, leaf);
        vm.expectRevert(ProofErrors.MalformedHead.selector);
        verifier.overcount(signed, head);
    }

    /// Two stories by two providers are nobody's fault.
    function test_twoProviders() external {
        Draft memory text = draft();
        SignedReceipt memory one = signAlone(write(text));
        uint256 otherKey = 0x07E2;
        text.provider = json.toString(vm.addr(otherKey));
        SignedReceipt memory other = signAlone(write(text));
        other.signature = signHead(otherKey, leafHash(other.json));
        vm.expectRevert(ProofErrors.DifferentProviders.selector);
        verifier.equivocation(one, other);
    }

    function test_builtFor() external view {
        vm.assertEq(verifier.CHAIN_ID(), CHAIN, "chain");
        vm.assertEq(verifier.SETTLEMENT(), SETTLEMENT, "settlement");
    }

    /// @dev A receipt that binds a head and a leaf of positions.
    function bound(EvidenceHead memory told, bytes memory positions)
        private
        view
        returns (EvidenceLeaf memory head, EvidenceLeaf memory leaf, SignedReceipt memory signed)
    {
        bytes32 evidence;
        (head, leaf, evidence) = evidenceOf(write(told), positions);
        Draft memory text = draft();
        text.evidence = quoted(evidence);
        signed = signAlone(write(text));
    }
}
