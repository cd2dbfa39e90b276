// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {EvidenceHead, MerklePath} from "../../src/trust/Proof.sol";
import {ProofErrors} from "../../src/trust/libraries/ProofErrors.sol";
import {LibraryHarness, Told} from "./support/LibraryHarness.sol";
import {Vectors} from "./support/Vectors.sol";

/// @notice Evidence is read as docs/evidence.md says, and nothing else passes for it.
contract OpenEvidenceTest is Vectors {
    LibraryHarness private libraries = new LibraryHarness();
    string private file;

    function setUp() external {
        file = inferenceVectors("evidence");
    }

    /// Each case of the file is one of five kinds, and none is passed over.
    function test_vectors() external view {
        uint256[5] memory seen;
        uint256 cases = casesOf(file);
        for (uint256 i = 0; i < cases; ++i) {
            ++seen[judge(i)];
        }
        for (uint256 kind = 0; kind < seen.length; ++kind) {
            vm.assertTrue(seen[kind] > 0, "every kind has a case");
        }
    }

    function judge(uint256 i) private view returns (uint256) {
        string memory name = nameAt(file, i);
        if (has(i, "input.headBytes")) {
            bytes memory leaf = json.parseJsonBytes(file, key(i, "input.headBytes"));
            vm.assertTrue(same(text(i, "output.refused"), "evidence_malformed"), name);
            vm.assertFalse(readsAsHead(leaf), name);
            return 0;
        }
        if (has(i, "input.leaves")) {
            checkTree(i);
            return 1;
        }
        if (has(i, "input.positions")) {
            checkPositions(i);
            return 2;
        }
        EvidenceHead memory head = headAt(file, key(i, "input.head"));
        if (has(i, "input.leaf")) {
            bytes memory leaf = json.parseJsonBytes(file, key(i, "input.leaf"));
            uint256 index = json.parseJsonUint(file, key(i, "input.index"));
            vm.assertTrue(same(text(i, "output.refused"), "evidence_malformed"), name);
            (bool sound,) = libraries.readPositions(leaf, head, index);
            vm.assertFalse(sound, name);
            return 3;
        }
        (bool isSound, EvidenceHead memory read) =
            libraries.readHead(json.parseJsonBytes(file, key(i, "output.bytes")), leavesOf(head.positions));
        vm.assertTrue(isSound, name);
        vm.assertEq(keccak256(abi.encode(read)), keccak256(abi.encode(head)), name);
        return 4;
    }

    /// A head is refused whatever size of tree is claimed for it.
    function readsAsHead(bytes memory leaf) private view returns (bool) {
        uint256 positions = leaf.length < 28 ? 0 : uint32(bytes4(slice(leaf, 24, 4)));
        (bool sound,) = libraries.readHead(leaf, leavesOf(positions));
        return sound;
    }

    function checkTree(uint256 i) private view {
        bytes[] memory leaves = json.parseJsonBytesArray(file, key(i, "input.leaves"));
        bytes32 root = json.parseJsonBytes32(file, key(i, "output.root"));
        for (uint256 j = 0; j < leaves.length; ++j) {
            MerklePath memory path = pathAt(file, itemAt(key(i, "output.paths"), j));
            vm.assertEq(libraries.rootOf(leaves[j], path), root, "root");
        }
        bytes32 evidence = json.parseJsonBytes32(file, key(i, "output.evidence"));
        vm.assertEq(libraries.commitment(root, leaves.length), evidence, "evidence");
    }

    function checkPositions(uint256 i) private view {
        string memory name = nameAt(file, i);
        EvidenceHead memory head = headAt(file, key(i, "input.head"));
        uint256 index = json.parseJsonUint(file, key(i, "input.index"));
        (bool sound, Told[] memory read) =
            libraries.readPositions(json.parseJsonBytes(file, key(i, "output.bytes")), head, index);
        vm.assertTrue(sound, name);

        for (uint256 j = 0; j < read.length; ++j) {
            string memory position = itemAt(key(i, "input.positions"), j);
            vm.assertEq(read[j].number, 32 * (index - 1) + j, "number");
            vm.assertEq(read[j].drawn, json.parseJsonUint(file, string.concat(position, ".drawn")), "drawn");
            uint256[] memory below = distancesAt(file, string.concat(position, ".candidates"));
            vm.assertEq(keccak256(abi.encode(read[j].below)), keccak256(abi.encode(below)), "candidates");
        }
        vm.assertFalse(json.keyExistsJson(file, itemAt(key(i, "input.positions"), read.length)), "all positions");
    }

    // ------------------------------------------------------------- leaves made here

    /// A head says itself how many leaves there are.
    function test_sizeBelongsToTheHead() external view {
        bytes memory leaf = json.parseJsonBytes(file, key(0, "output.bytes"));
        uint256 size = leavesOf(headAt(file, key(0, "input.head")).positions);
        (bool sound,) = libraries.readHead(leaf, size);
        vm.assertTrue(sound, "as many as it says");
        (sound,) = libraries.readHead(leaf, size + 1);
        vm.assertFalse(sound, "one more");
        (sound,) = libraries.readHead(leaf, size - 1);
        vm.assertFalse(sound, "one less");
    }

    /// A token that comes twice is found wherever it is, and one that comes in two positions is not taken for one.
    function testFuzz_aTokenTwiceIsFound(uint256 seed, uint8 count, uint8 one, uint8 other) external view {
        count = uint8(within(count, 2, 255));
        one = uint8(within(one, 0, count - 1));
        other = uint8(within(other, 0, count - 1));
        EvidenceHead memory head;
        head.width = 3;
        head.topK = 255;
        head.vocabulary = 2 ** 24;
        head.positions = 2;
        bytes memory honest = positionOf(seed, count);

        (bool sound,) = libraries.readPositions(abi.encodePacked(hex"01000000000002", honest, honest), head, 1);
        vm.assertFalse(sound, "not a leaf: the prefix has six bytes");
        (sound,) = libraries.readPositions(abi.encodePacked(hex"010000000002", honest, honest), head, 1);
        vm.assertTrue(sound, "the same tokens in two positions");

        bytes memory twice = bytes.concat(honest);
        for (uint256 i = 0; i < 3; ++i) {
            twice[2 + 4 * uint256(one) + i] = twice[2 + 4 * uint256(other) + i];
        }
        (sound,) = libraries.readPositions(abi.encodePacked(hex"010000000002", honest, twice), head, 1);
        vm.assertTrue(sound == (one == other), "a token twice");
    }

    /// @dev Candidates a millinat apart, with tokens that differ.
    function positionOf(uint256 seed, uint256 count) private pure returns (bytes memory position) {
        position = abi.encodePacked(uint8(count), uint8(0));
        for (uint256 i = 0; i < count; ++i) {
            // An odd factor modulo 2^24 keeps numbers apart that were.
            unchecked {
                position = abi.encodePacked(position, uint24(seed + i * (seed | 1)), uint8(1));
            }
        }
    }

    /// Random bytes are read without a revert, as a leaf or not.
    function testFuzz_randomLeaves(bytes memory leaf, uint256 index, uint8 topK, bool wide) external view {
        EvidenceHead memory head;
        head.width = wide ? 3 : 2;
        head.topK = topK;
        head.vocabulary = 65_536;
        head.positions = type(uint32).max;
        index = within(index, 1, 4);
        libraries.readHead(leaf, 1);
        (bool sound,) = libraries.readPositions(leaf, head, index);
        vm.assertFalse(sound, "32 positions are longer than random bytes");

        // The same bytes behind a right beginning.
        leaf = bytes.concat(hex"01", bytes4(uint32(32 * (index - 1))), hex"20", leaf);
        libraries.readPositions(leaf, head, index);
    }

    // ------------------------------------------------------------- trees

    /// The root of RFC 6962 and the path to it, by the definition: the larger part is the largest power of two below.
    function testFuzz_pathsOfAnyTree(uint256 size, uint256 index, bytes32 seed) external view {
        size = within(size, 1, 130);
        index = within(index, 0, size - 1);
        bytes32[] memory leaves = new bytes32[](size);
        for (uint256 i = 0; i < size; ++i) {
            leaves[i] = keccak256(abi.encode(seed, i));
        }
        (bytes32 root, bytes32[] memory siblings) = treeOf(leaves, 0, size, index);
        MerklePath memory path = MerklePath(uint64(index), uint64(size), siblings);
        vm.assertEq(libraries.rootOf(abi.encode(leaves[index]), path), root, "root");

        path.siblings = new bytes32[](siblings.length + 1);
        vm.assertTrue(isRefused(abi.encode(leaves[index]), path), "one sibling too many");
        if (siblings.length > 0) {
            path.siblings = new bytes32[](siblings.length - 1);
            vm.assertTrue(isRefused(abi.encode(leaves[index]), path), "one too few");
        }
        path = MerklePath(uint64(size), uint64(size), siblings);
        vm.assertTrue(isRefused(abi.encode(leaves[index]), path), "a place outside");
    }

    function test_treesOfTheVectors() external view {
        string memory merkle = vectors("merkle");
        uint256 cases = casesOf(merkle);
        for (uint256 i = 0; i < cases; ++i) {
            bytes32 root = json.parseJsonBytes32(merkle, string.concat(caseAt(i), ".output.root"));
            bytes[] memory leaves = json.parseJsonBytesArray(merkle, string.concat(caseAt(i), ".input.leaves"));
            for (uint256 j = 0; j < leaves.length; ++j) {
                MerklePath memory path = pathAt(merkle, itemAt(string.concat(caseAt(i), ".output.paths"), j));
                vm.assertEq(libraries.rootOf(leaves[j], path), root, "root");
            }
        }
    }

    /// Sizes end where whole numbers of JSON do, and a path has at most 40 siblings.
    function test_largestTree() external view {
        uint64 size = 2 ** 53 - 1;
        MerklePath memory path = MerklePath(2 ** 52, size, new bytes32[](53));
        vm.assertTrue(isRefused("leaf", path), "53 siblings");
        // The last leaf hangs from the root by as many siblings as the size less one has ones.
        path = MerklePath(2 ** 52, 2 ** 52 + 1, new bytes32[](1));
        libraries.rootOf("leaf", path);
        path = MerklePath(2 ** 53 - 1, 2 ** 53, new bytes32[](40));
        vm.assertTrue(isRefused("leaf", path), "too large");
    }

    /// One leaf at the right edge of a tree of 2^n + 1 has one sibling, whatever n: up to the largest size and not beyond.
    function test_noTreeAboveTheLargestInteger() external view {
        MerklePath memory path = MerklePath(0, 0, new bytes32[](1));
        for (uint256 power = 40; power < 64; ++power) {
            (path.index, path.size) = (uint64(2 ** power), uint64(2 ** power + 1));
            vm.assertTrue(isRefused("leaf", path) == (power >= 53), "size");
        }
    }

    /// The table of tokens is salted with the whole leaf, so that nobody can choose tokens that fall into one place: the same
    /// tokens in leaves that differ elsewhere lie elsewhere, and take another few steps to find.
    function test_theTableIsSaltedWithTheLeaf() external view {
        EvidenceHead memory head;
        (head.width, head.topK, head.vocabulary, head.positions) = (2, 255, 65_536, 32);
        bytes memory candidates = hex"000100";
        for (uint16 i = 1; i < 255; ++i) {
            candidates = bytes.concat(candidates, bytes2(i + 1), hex"00");
        }
        uint256 others;
        uint256 first;
        for (uint256 variant = 0; variant < 6; ++variant) {
            bytes memory leaf = hex"010000000020";
            for (uint256 i = 0; i < 32; ++i) {
                leaf = bytes.concat(leaf, hex"ff", bytes1(uint8(i == 31 ? variant : 0)), candidates);
            }
            uint256 used = libraries.gasOfPositions(leaf, head);
            if (variant == 0) first = used;
            else if (used != first) ++others;
        }
        vm.assertTrue(others > 0, "the same tokens lie in the same places of every leaf");
    }

    function isRefused(bytes memory leaf, MerklePath memory path) private view returns (bool) {
        try libraries.rootOf(leaf, path) {
            return false;
        } catch (bytes memory reason) {
            return bytes4(reason) == ProofErrors.MalformedPath.selector;
        }
    }

    function treeOf(bytes32[] memory leaves, uint256 from, uint256 count, uint256 index)
        private
        pure
        returns (bytes32 root, bytes32[] memory siblings)
    {
        if (count == 1) return (sha256(abi.encodePacked(uint8(0), leaves[from])), new bytes32[](0));
        uint256 larger = 1;
        while (larger * 2 < count) larger *= 2;
        bool isLeft = index < from + larger;
        (bytes32 left, bytes32[] memory ofLeft) = treeOf(leaves, from, larger, index);
        (bytes32 right, bytes32[] memory ofRight) = treeOf(leaves, from + larger, count - larger, index);
        root = sha256(abi.encodePacked(uint8(1), left, right));

        if (index < from || index >= from + count) return (root, new bytes32[](0));
        bytes32[] memory below = isLeft ? ofLeft : ofRight;
        siblings = new bytes32[](below.length + 1);
        for (uint256 i = 0; i < below.length; ++i) {
            siblings[i] = below[i];
        }
        siblings[below.length] = isLeft ? right : left;
    }

    // ------------------------------------------------------------- the file

    function leavesOf(uint256 positions) private pure returns (uint256) {
        return 1 + (positions + 31) / 32;
    }

    function key(uint256 i, string memory field) private pure returns (string memory) {
        return string.concat(caseAt(i), ".", field);
    }

    function has(uint256 i, string memory field) private view returns (bool) {
        return json.keyExistsJson(file, key(i, field));
    }

    function text(uint256 i, string memory field) private view returns (string memory) {
        return json.parseJsonString(file, key(i, field));
    }

    function slice(bytes memory whole, uint256 from, uint256 length) private pure returns (bytes memory part) {
        part = new bytes(length);
        for (uint256 i = 0; i < length; ++i) {
            part[i] = whole[from + i];
        }
    }
}
