// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {LibString} from "solady/utils/LibString.sol";

import {MerklePath} from "../Proof.sol";
import {HexText} from "./HexText.sol";
import {ProofErrors} from "./ProofErrors.sol";

/// @title Merkle
/// @notice Merkle trees as in RFC 6962 §2.1 with sha256: leaves are hashed behind a byte 0, nodes behind a byte 1, so
/// that neither passes as the other.
library Merkle {
    uint256 private constant LARGEST_SIZE = 2 ** 53 - 1;
    uint256 private constant MOST_SIBLINGS = 40;

    /// @notice The root that a leaf and its path lead to. Reverts for a path of the wrong length for its place.
    function rootOf(bytes calldata leaf, MerklePath calldata path) internal pure returns (bytes32 root) {
        bytes32[] calldata siblings = path.siblings;
        uint256 index = path.index;
        if (index >= path.size || path.size > LARGEST_SIZE || siblings.length > MOST_SIBLINGS) {
            revert ProofErrors.MalformedPath();
        }

        root = sha256(abi.encodePacked(bytes1(0x00), leaf));
        uint256 last = path.size - 1;
        for (uint256 i = 0; i < siblings.length; ++i) {
            if (last == 0) revert ProofErrors.MalformedPath();
            if (index & 1 == 1 || index == last) {
                root = sha256(abi.encodePacked(bytes1(0x01), siblings[i], root));
                // A node at the right edge without a neighbour stands for itself on the level above.
                while (index & 1 == 0) {
                    index >>= 1;
                    last >>= 1;
                }
            } else {
                root = sha256(abi.encodePacked(bytes1(0x01), root, siblings[i]));
            }
            index >>= 1;
            last >>= 1;
        }
        if (last != 0) revert ProofErrors.MalformedPath();
    }

    /// @notice sha256 of the text `{"root":"0x…","size":N}`: with the size in it, no path has a second form.
    function commitment(bytes32 root, uint256 size) internal pure returns (bytes32) {
        return sha256(
            abi.encodePacked(
                '{"root":"0x',
                HexText.encode(uint256(root) >> 128),
                HexText.encode(uint256(root) & type(uint128).max),
                '","size":',
                LibString.toString(size),
                "}"
            )
        );
    }
}
