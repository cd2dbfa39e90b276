// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Draw} from "../../../src/trust/libraries/Draw.sol";
import {EvidenceReader, Reading} from "../../../src/trust/libraries/EvidenceReader.sol";
import {HexText} from "../../../src/trust/libraries/HexText.sol";
import {Merkle} from "../../../src/trust/libraries/Merkle.sol";
import {OfferReader} from "../../../src/trust/libraries/OfferReader.sol";
import {ReceiptReader} from "../../../src/trust/libraries/ReceiptReader.sol";
import {EvidenceHead, MerklePath, Offer, Receipt} from "../../../src/trust/Proof.sol";

/// @notice A position as it was read.
struct Told {
    uint256 number;
    uint256 drawn;
    uint256[] below;
}

/// @notice The libraries under the verifier, each to be called by itself.
contract LibraryHarness {
    function decodeHex(uint256 text) external pure returns (bool, uint256) {
        return HexText.decode(text);
    }

    function encodeHex(uint256 value) external pure returns (uint256) {
        return HexText.encode(value);
    }

    function rootOf(bytes calldata leaf, MerklePath calldata path) external pure returns (bytes32) {
        return Merkle.rootOf(leaf, path);
    }

    function commitment(bytes32 root, uint256 size) external pure returns (bytes32) {
        return Merkle.commitment(root, size);
    }

    function readReceipt(bytes calldata json, uint256 chainId, address settlement)
        external
        pure
        returns (Receipt memory)
    {
        return ReceiptReader.read(json, chainId, settlement);
    }

    function readOffer(bytes calldata json) external pure returns (Offer memory) {
        return OfferReader.read(json);
    }

    function readHead(bytes calldata leaf, uint256 size) external pure returns (bool, EvidenceHead memory) {
        return EvidenceReader.readHead(leaf, size);
    }

    function readPositions(bytes calldata leaf, EvidenceHead calldata head, uint256 index)
        external
        pure
        returns (bool sound, Told[] memory positions)
    {
        Reading memory reading;
        (sound, reading) = EvidenceReader.begin(leaf, head, index);
        positions = new Told[](reading.remaining);
        for (uint256 i = 0; sound && i < positions.length; ++i) {
            positions[i].number = reading.number;
            sound = EvidenceReader.next(reading, head);
            if (!sound) break;
            positions[i].drawn = reading.drawn;
            positions[i].below = new uint256[](reading.count);
            for (uint256 j = 0; j < reading.count; ++j) {
                positions[i].below[j] = reading.below[j];
            }
        }
    }

    /// @dev Gas that it takes to read the positions of the first leaf, which has to be sound.
    function gasOfPositions(bytes calldata leaf, EvidenceHead calldata head) external view returns (uint256 used) {
        (bool sound, Reading memory reading) = EvidenceReader.begin(leaf, head, 1);
        require(sound, "begin");
        used = gasleft();
        while (reading.remaining > 0) require(EvidenceReader.next(reading, head), "next");
        used -= gasleft();
    }

    function weight(uint256 gap) external pure returns (uint256) {
        return Draw.weight(Draw.table(), gap);
    }

    function random(bytes32 seed, uint16 choice, uint32 position) external pure returns (uint256) {
        return Draw.random(seed, choice, position);
    }

    function draw(uint256[] memory below, uint256 temperature, uint256 topP, uint256 number)
        external
        pure
        returns (uint256)
    {
        return Draw.draw(Draw.table(), below, below.length, temperature, topP, number);
    }
}
