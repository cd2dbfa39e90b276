// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {EvidenceHead, EvidenceLeaf} from "../Proof.sol";
import {Merkle} from "./Merkle.sol";
import {ProofErrors} from "./ProofErrors.sol";

/// @notice Where the reading of a leaf of positions stands.
/// @dev The last four fields are this reader's own.
/// @param number Number of the next position in the answer.
/// @param remaining Positions of the leaf that are not read yet.
/// @param below Of the position read last: how far each candidate is below the first, in thousandths.
/// @param count Of the position read last: how many candidates.
/// @param drawn Of the position read last: which of them was drawn.
struct Reading {
    uint32 number;
    uint256 remaining;
    uint256[] below;
    uint256 count;
    uint256 drawn;
    uint256 cursor;
    uint256 end;
    uint256[] seen;
    bytes32 salt;
}

/// @title EvidenceReader
/// @notice Reads what opens a receipt: docs/evidence.md, version 1. Whatever breaks a rule there is reported, not
/// reverted, because it is a proof of its own.
library EvidenceReader {
    uint256 internal constant HEAD_BYTES = 124;
    uint256 internal constant POSITIONS_PER_LEAF = 32;
    /// @dev No leaf of evidence is longer.
    uint256 private constant MAX_LEAF_BYTES = 65_535;
    /// @dev A longer leaf is not looked at; one that is only too long can still be shown.
    uint256 private constant MOST_LEAF_BYTES = 131_072;
    uint256 private constant PREFIX_BYTES = 6;
    uint256 private constant MOST_CANDIDATES = 255;
    uint256 private constant MOST_BELOW = 9210;
    uint256 private constant MOST_NEGATED = 100_000;
    /// @dev Twice the candidates that a position can have, as a power of two.
    uint256 private constant PLACES = 512;

    /// @notice Holds a leaf against the commitment that a receipt names. Reverts where it is not part of it.
    function open(bytes32 evidence, EvidenceLeaf calldata opened) internal pure {
        if (opened.leaf.length > MOST_LEAF_BYTES) revert ProofErrors.LeafTooLong();
        bytes32 root = Merkle.rootOf(opened.leaf, opened.path);
        if (Merkle.commitment(root, opened.path.size) != evidence) revert ProofErrors.NotInEvidence();
    }

    /// @notice Reads leaf 0.
    /// @param leaf Its bytes.
    /// @param size Leaves of the whole evidence, which the head's number of positions has to make.
    /// @return sound False where a rule is broken; `head` then says nothing.
    function readHead(bytes calldata leaf, uint256 size) internal pure returns (bool sound, EvidenceHead memory head) {
        if (leaf.length != HEAD_BYTES) return (false, head);
        // The first 32 of its bytes.
        // forge-lint: disable-next-line(unsafe-typecast)
        uint256 word = uint256(bytes32(leaf));
        // Tag 0 and version 1, then two flags.
        if (word >> 240 != 0x0001 || (word >> 224) & 0xfefe != 0) return (false, head);

        head.replayable = (word >> 232) & 1 == 1;
        head.ended = (word >> 224) & 1 == 1;
        head.width = (word >> 216) & 0xff;
        head.choice = uint8(leaf[5]);
        head.topK = (word >> 192) & 0xffff;
        head.temperature = (word >> 160) & 0xffffffff;
        head.topP = (word >> 128) & 0xffffffff;
        head.vocabulary = (word >> 96) & 0xffffffff;
        head.prompt = (word >> 64) & 0xffffffff;
        head.positions = (word >> 32) & 0xffffffff;
        head.promptDigest = bytes32(leaf[28:60]);
        head.seed = bytes32(leaf[60:92]);
        head.class = bytes32(leaf[92:124]);

        sound = (head.width == 2 || head.width == 3) && head.choice == 0 && head.topK >= 1
            && head.topK <= MOST_CANDIDATES && head.topP >= 1 && head.topP <= 1_000_000
            && !(head.ended && head.positions == 0)
            && size == 1 + (head.positions + POSITIONS_PER_LEAF - 1) / POSITIONS_PER_LEAF;
    }

    /// @notice Begins to read a leaf of positions.
    /// @param leaf Its bytes.
    /// @param head The head of the same evidence.
    /// @param index Place of the leaf; at least 1.
    /// @return sound False where a rule is broken.
    /// @return reading What `next` goes on with.
    function begin(bytes calldata leaf, EvidenceHead memory head, uint256 index)
        internal
        pure
        returns (bool sound, Reading memory reading)
    {
        if (leaf.length < PREFIX_BYTES || leaf.length > MAX_LEAF_BYTES || leaf[0] != 0x01) return (false, reading);

        uint32 first = uint32(bytes4(leaf[1:5]));
        uint256 count = uint8(leaf[5]);
        if (first != POSITIONS_PER_LEAF * (index - 1) || first >= head.positions) return (false, reading);
        uint256 rest = head.positions - first;
        if (count != (rest < POSITIONS_PER_LEAF ? rest : POSITIONS_PER_LEAF)) return (false, reading);

        bytes memory copy = leaf;
        reading.number = first;
        reading.remaining = count;
        reading.below = new uint256[](MOST_CANDIDATES);
        reading.seen = new uint256[](PLACES);
        reading.salt = keccak256(copy);
        assembly ("memory-safe") {
            // `cursor` and `end`, the sixth and seventh field.
            mstore(add(reading, 0xa0), add(copy, add(0x20, PREFIX_BYTES)))
            mstore(add(reading, 0xc0), add(copy, add(0x20, mload(copy))))
        }
        return (true, reading);
    }

    /// @notice Reads the next position. Call it while positions remain.
    /// @return sound False where a rule is broken; a byte after the last position breaks one.
    function next(Reading memory reading, EvidenceHead memory head) internal pure returns (bool sound) {
        unchecked {
            uint256 cursor = reading.cursor;
            // What lies behind the end may be read, for a position that reaches there is refused before it is used.
            uint256 count = _word(cursor) >> 248;
            reading.count = count;
            reading.drawn = (_word(cursor) >> 240) & 0xff;
            cursor += 2;
            if (cursor > reading.end || count == 0 || count > head.topK || reading.drawn >= count) return false;

            uint256 distance = 0;
            uint256 most = MOST_BELOW;
            uint256 tokenBefore = 0;
            for (uint256 i = 0; i < count; ++i) {
                uint256 token;
                uint256 value;
                (cursor, token, value) = _candidate(cursor, head.width);
                if (cursor > reading.end || token >= head.vocabulary) return false;
                if (i == 0) {
                    if (value > MOST_NEGATED) return false;
                    // No candidate is less likely than the least that is told.
                    if (MOST_NEGATED - value < most) most = MOST_NEGATED - value;
                } else {
                    distance += value;
                    if (distance > most || (value == 0 && token <= tokenBefore)) return false;
                }
                if (!_isNew(reading, token)) return false;
                _store(reading.below, i, distance);
                tokenBefore = token;
            }

            reading.cursor = cursor;
            ++reading.number;
            --reading.remaining;
            return reading.remaining > 0 || cursor == reading.end;
        }
    }

    /// @dev A token number of `width` bytes, and a number in LEB128 of one to three. Where that is longer, or not in its
    /// shortest form, what comes next lies behind every end.
    function _candidate(uint256 cursor, uint256 width)
        private
        pure
        returns (uint256 beyond, uint256 token, uint256 value)
    {
        assembly ("memory-safe") {
            let word := mload(cursor)
            token := shr(sub(256, shl(3, width)), word)
            word := shl(shl(3, width), word)
            beyond := add(add(cursor, width), 1)
            value := byte(0, word)
            if gt(value, 127) {
                let group := byte(1, word)
                value := or(and(value, 127), shl(7, and(group, 127)))
                beyond := add(beyond, 1)
                if gt(group, 127) {
                    group := byte(2, word)
                    value := or(value, shl(14, group))
                    beyond := add(beyond, 1)
                }
                if or(iszero(group), gt(group, 127)) { beyond := not(0) }
            }
        }
    }

    /// @dev True the first time that a token comes in the position that is read. A table of places found by hash: what is
    /// in one from an earlier position counts as nothing, and the salt comes from the whole leaf, so that nobody can
    /// choose tokens that fall into the same place and make the proof too expensive to be sent.
    function _isNew(Reading memory reading, uint256 token) private pure returns (bool isNew) {
        // Numbers of positions in a leaf are consecutive; counted from the end they are never 0.
        uint256 stamp = reading.remaining;
        assembly ("memory-safe") {
            mstore(0x00, mload(add(reading, 0x100)))
            mstore(0x20, token)
            let place := keccak256(0x00, 0x40)
            let places := add(mload(add(reading, 0xe0)), 0x20)
            let entry := or(shl(24, stamp), token)
            for {} 1 { place := add(place, 1) } {
                let slot := add(places, shl(5, and(place, sub(PLACES, 1))))
                let found := mload(slot)
                if iszero(eq(shr(24, found), stamp)) {
                    mstore(slot, entry)
                    isNew := 1
                    break
                }
                if eq(found, entry) { break }
            }
        }
    }

    /// @dev `i` is below the most candidates that a head allows, and so many words the array has.
    function _store(uint256[] memory words, uint256 i, uint256 word) private pure {
        assembly ("memory-safe") {
            mstore(add(add(words, 0x20), shl(5, i)), word)
        }
    }

    function _word(uint256 cursor) private pure returns (uint256 word) {
        assembly ("memory-safe") {
            word := mload(cursor)
        }
    }
}
