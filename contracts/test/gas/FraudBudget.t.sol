// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Draw} from "../../src/trust/libraries/Draw.sol";
import {EvidenceHead, EvidenceLeaf, SignedReceipt} from "../../src/trust/Proof.sol";
import {IFraudVerifier} from "../../src/trust/interfaces/IFraudVerifier.sol";
import {ClaimedChannel} from "../trust/support/ClaimedChannel.sol";
import {Offers} from "../trust/support/Offers.sol";

/// @notice What a proof costs on the chain, in gas of whole transactions: the flat fee, the calldata and the execution.
/// The verifier only answers; a court that asks it pays about this and its own part.
/// forge-config: default.isolate = true
/// forge-config: ci.isolate = true
contract FraudBudgetTest is Offers {
    IFraudVerifier private verifier;

    function setUp() external {
        verifier = IFraudVerifier(deployed("FraudVerifier.sol:FraudVerifier", abi.encode(CHAIN, SETTLEMENT)));
    }

    function test_receipt() external {
        bytes memory text = write(draft());
        (, uint256 gas) = sent(abi.encodeCall(IFraudVerifier.readReceipt, (signAlone(text))));
        vm.snapshotValue("receipt, alone", gas);
        (, gas) = sent(abi.encodeCall(IFraudVerifier.readReceipt, (signInBatch(text, 37, 6))));
        vm.snapshotValue("receipt, in a batch of 64", gas);
    }

    function test_equivocation() external {
        Draft memory other = draft();
        other.charged = "54000000000000000";
        uint256 gas = convicted(
            abi.encodeCall(IFraudVerifier.equivocation, (signAlone(write(draft())), signInBatch(write(other), 37, 6)))
        );
        vm.snapshotValue("equivocation, one alone and one in a batch of 64", gas);
        vm.assertLe(gas, 200_000, "equivocation");
    }

    function test_overcharge() external {
        ClaimedChannel channel = new ClaimedChannel();
        uint128 total = 54e15;
        channel.claim(total);
        Draft memory text = draft();
        text.channel = digestText(channel.id());
        text.seen = seenText(block.number, keccak256("block"));
        (, uint256 gas) = sent(abi.encodeCall(IFraudVerifier.witnessClaim, (channel.id())));
        vm.snapshotValue("witness of a claim", gas);
        uint256 number = block.number;
        vm.roll(number + 1);
        vm.setBlockhash(number, keccak256("block"));
        (, gas) = sent(abi.encodeCall(IFraudVerifier.witnessBlock, (number)));
        vm.snapshotValue("witness of a block", gas);
        gas = convicted(abi.encodeCall(IFraudVerifier.overcharge, (signInBatch(write(text), 37, 6), total)));
        vm.snapshotValue("overcharge, witnessed", gas);
        vm.assertLe(gas, 120_000, "overcharge");
    }

    function test_wrongModel() external {
        Draft memory text = draft();
        text.offer = digestText(sha256(writeOffer(offerDraft())));
        uint256 gas = convicted(
            abi.encodeCall(IFraudVerifier.wrongModel, (signInBatch(write(text), 37, 6), signOffer(offerDraft())))
        );
        vm.snapshotValue("wrong model", gas);
        vm.assertLe(gas, 200_000, "wrong model");
    }

    function test_overcount() external {
        (SignedReceipt memory signed, EvidenceLeaf memory head,) = answer(20, 2, 32_000);
        uint256 gas = convicted(abi.encodeCall(IFraudVerifier.overcount, (signed, head)));
        vm.snapshotValue("overcount", gas);
        vm.assertLe(gas, 200_000, "overcount");
    }

    /// All of a leaf is drawn again, for only its last position is wrong.
    function test_redraw() external {
        redraw(20, 2, 32_000, "redraw, 32 positions of 20 candidates", 1_500_000);
    }

    /// The most that a leaf can hold still fits a transaction, so that no provider is out of reach by telling much.
    function test_redrawOfTheLargestLeaf() external {
        redraw(255, 3, 2 ** 24, "redraw, 32 positions of 255 candidates", 14_000_000);
    }

    /// Nor by telling what is laborious: 254 candidates a position, each with a weight that takes all fourteen factors.
    function test_redrawOfTheMostLaboriousLeaf() external {
        EvidenceHead memory told = headOf(255, 3, 2 ** 24);
        told.temperature = 560;
        told.topP = 1_000_000;
        // The second candidate is 9,175 below the first, a gap of 16,383, and the others as far. Of equal ones the lower
        // number comes first.
        bytes memory candidates = hex"00000000";
        for (uint24 i = 1; i < 255; ++i) {
            candidates = bytes.concat(candidates, bytes3(i * 65_793), i == 1 ? bytes(hex"d747") : bytes(hex"00"));
        }
        bytes memory positions = hex"010000000020";
        for (uint256 i = 0; i < 32; ++i) {
            // The first is drawn, all but certainly; the last position says the second.
            positions = bytes.concat(positions, hex"ff", bytes1(uint8(i / 31)), candidates);
        }
        (SignedReceipt memory signed, EvidenceLeaf memory head, EvidenceLeaf memory leaf) = signedWith(told, positions);
        uint256 gas = convicted(abi.encodeCall(IFraudVerifier.redraw, (signed, head, leaf)));
        vm.snapshotValue("redraw, the most laborious", gas);
        vm.assertLe(gas, 14_000_000, "redraw");
    }

    /// A rule that is broken at the very end: a byte behind the last position.
    function test_malformed() external {
        (, EvidenceLeaf memory head, EvidenceLeaf memory leaf) = answer(20, 2, 32_000);
        bytes32 evidence;
        (head, leaf, evidence) = evidenceOf(head.leaf, bytes.concat(leaf.leaf, hex"00"));
        Draft memory text = draft();
        text.evidence = string.concat('"', digestText(evidence), '"');
        SignedReceipt memory signed = signInBatch(write(text), 37, 6);
        uint256 gas = convicted(abi.encodeCall(IFraudVerifier.malformed, (signed, head, leaf)));
        vm.snapshotValue("malformed, 32 positions of 20 candidates", gas);
        vm.assertLe(gas, 1_000_000, "malformed");
    }

    function redraw(uint256 topK, uint256 width, uint256 vocabulary, string memory name, uint256 limit) private {
        (SignedReceipt memory signed, EvidenceLeaf memory head, EvidenceLeaf memory leaf) =
            answer(topK, width, vocabulary);
        uint256 gas = convicted(abi.encodeCall(IFraudVerifier.redraw, (signed, head, leaf)));
        vm.snapshotValue(name, gas);
        vm.assertLe(gas, limit, name);
    }

    /// @dev Gas of a proof, which has to convict the provider.
    function convicted(bytes memory call) private returns (uint256) {
        (bytes memory answered, uint256 gas) = sent(call);
        (bool guilty, address named) = abi.decode(answered, (bool, address));
        vm.assertTrue(guilty && named == provider, "guilty");
        return gas;
    }

    /// @dev A transaction: a call that could write, for only those are measured as a whole.
    function sent(bytes memory call) private returns (bytes memory answered, uint256 gas) {
        bool success;
        (success, answered) = address(verifier).call(call);
        gas = vm.lastCallGas().gasTotalUsed;
        vm.assertTrue(success, "answered");
    }

    /// @dev An answer of 32 positions at temperature 0.7 that is honest but for the last position, and counts 33 tokens.
    function answer(uint256 topK, uint256 width, uint256 vocabulary)
        private
        view
        returns (SignedReceipt memory signed, EvidenceLeaf memory head, EvidenceLeaf memory leaf)
    {
        EvidenceHead memory told = headOf(topK, width, vocabulary);
        bytes memory positions = hex"010000000020";
        for (uint32 i = 0; i < 32; ++i) {
            (bytes memory candidates, uint256[] memory below) = candidatesOf(told, i);
            uint256 drawn =
                Draw.draw(Draw.table(), below, topK, told.temperature, told.topP, Draw.random(told.seed, 0, i));
            if (i == 31) drawn = (drawn + 1) % topK;
            positions = bytes.concat(positions, bytes1(uint8(topK)), bytes1(uint8(drawn)), candidates);
        }

        return signedWith(told, positions);
    }

    function headOf(uint256 topK, uint256 width, uint256 vocabulary) private pure returns (EvidenceHead memory) {
        return EvidenceHead({
            replayable: true,
            ended: false,
            width: width,
            choice: 0,
            topK: topK,
            temperature: 700,
            topP: 950_000,
            vocabulary: vocabulary,
            prompt: 9,
            positions: 32,
            promptDigest: keccak256("prompt"),
            seed: keccak256("seed"),
            class: keccak256("class")
        });
    }

    function signedWith(EvidenceHead memory told, bytes memory positions)
        private
        view
        returns (SignedReceipt memory signed, EvidenceLeaf memory head, EvidenceLeaf memory leaf)
    {
        bytes32 evidence;
        (head, leaf, evidence) = evidenceOf(write(told), positions);
        Draft memory text = draft();
        text.evidence = string.concat('"', digestText(evidence), '"');
        signed = signInBatch(write(text), 37, 6);
    }

    /// @dev Candidates over a factor of ten thousand, as a model's are, each with a step as random as the tokens.
    function candidatesOf(EvidenceHead memory told, uint256 position)
        private
        pure
        returns (bytes memory written, uint256[] memory below)
    {
        below = new uint256[](told.topK);
        uint256 offset = uint256(keccak256(abi.encode("token", position)));
        for (uint256 i = 0; i < told.topK; ++i) {
            uint256 step = i == 0 ? 500 : 1 + uint256(keccak256(abi.encode(position, i))) % (9000 / told.topK);
            if (i > 0) below[i] = below[i - 1] + step;
            // An odd step modulo a power of two: no token twice.
            uint256 token = (offset % 2 ** 24 + i * 8_675_309) % (told.width == 2 ? 2 ** 14 : 2 ** 24);
            bytes memory number =
                step < 128 ? abi.encodePacked(uint8(step)) : abi.encodePacked(uint8(step | 128), uint8(step >> 7));
            written = told.width == 2
                ? bytes.concat(written, bytes2(uint16(token)), number)
                : bytes.concat(written, bytes3(uint24(token)), number);
        }
    }
}
