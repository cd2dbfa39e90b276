// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Offer, SignedOffer} from "../Proof.sol";
import {CanonicalText, Utf16} from "./CanonicalText.sol";
import {ProofErrors} from "./ProofErrors.sol";
import {Statement} from "./Statement.sol";

/// @title OfferReader
/// @notice Reads a signed offer (version heddle/1) and verifies it.
/// @dev As with receipts, RFC 8785 leaves one byte form: 18 names in one order, without space. The reader walks through
/// all of it and takes nothing else, so that no text inside passes for the member that it spells. Only whether `endpoint`
/// is a URL is not looked at: it was signed as it is.
library OfferReader {
    using CanonicalText for uint256;

    bytes32 private constant OFFER = keccak256("offer");
    uint256 private constant MOST_FEATURES = 64;
    uint256 private constant MOST_TERMS = 16;
    uint256 private constant LEAST_DELAY = 900;
    uint256 private constant MOST_DELAY = 2_592_000;

    /// @notice Reads an offer and holds it against its signature, in the domain that it names itself.
    /// @param digest sha256 of the text.
    function verify(SignedOffer calldata signed, bytes32 digest) internal pure returns (Offer memory offer) {
        offer = read(signed.json);
        bytes32 separator = Statement.separatorOf(offer.chainId, offer.settlement);
        Statement.verify(separator, OFFER, digest, signed.signature, offer.provider);
    }

    /// @notice Reads an offer; nothing says yet that anybody signed it.
    function read(bytes calldata json) internal pure returns (Offer memory offer) {
        // The zeros behind the text end every piece that reaches there.
        bytes memory text = bytes.concat(json, bytes32(0), bytes32(0));
        uint256 cursor;
        assembly ("memory-safe") {
            cursor := add(text, 0x20)
        }
        uint256 end = cursor + json.length;

        cursor = _readUntilFeatures(cursor, offer);
        cursor = _readUntilPrices(cursor);
        cursor = _readTheRest(cursor, offer);
        if (cursor != end) revert ProofErrors.MalformedText();
    }

    function _readUntilFeatures(uint256 cursor, Offer memory offer) private pure returns (uint256) {
        (cursor,) = cursor.skip('{"asset":"0x', 12).account();
        (cursor, offer.chainId) = cursor.skip('","chainId":', 12).integer();
        cursor = _readText(cursor.skip(',"endpoint":"', 13), 256);
        (cursor,) = cursor.skip(',"engine":{"build":"', 20).text(128);
        (cursor,) = cursor.skip(',"name":"', 9).text(64);
        (cursor,) = cursor.skip('},"expires":', 12).integer();
        (cursor,) = cursor.skip(',"exposure":"', 13).amount();
        return _readFeatures(cursor.skip('","features":[', 14));
    }

    function _readUntilPrices(uint256 cursor) private pure returns (uint256) {
        cursor = _readRecord(cursor.skip(',"limits":{', 11), false);
        (cursor,) = cursor.skip(',"minDeposit":"', 15).amount();
        return _readRecord(cursor.skip('","prices":{', 12), true);
    }

    function _readTheRest(uint256 cursor, Offer memory offer) private pure returns (uint256) {
        (cursor, offer.provider) = cursor.skip(',"provider":"0x', 15).account();
        (cursor,) = cursor.skip('","receiver":"0x', 16).account();
        (cursor,) = cursor.skip('","receiverAuthorizer":"0x', 26).account();
        (cursor, offer.model) = cursor.skip('","serves":{"digest":"0x', 24).digest();
        cursor = _readText(cursor.skip('","name":"', 10), 128);
        // Left out where it is not known.
        if (cursor.byteAt() == 0x2c) cursor = _readText(cursor.skip(',"quantization":"', 17), 32);
        (cursor, offer.settlement) = cursor.skip('},"settlement":"0x', 18).account();
        cursor = cursor.skip('","version":"heddle/1"', 22);
        uint256 delay;
        (cursor, delay) = cursor.skip(',"withdrawDelay":', 17).integer();
        if (delay < LEAST_DELAY || delay > MOST_DELAY) revert ProofErrors.MalformedText();
        return _readText(cursor.skip(',"workload":"', 13), 32).skip("}", 1);
    }

    /// @dev A text that is not empty.
    function _readText(uint256 cursor, uint256 most) private pure returns (uint256 next) {
        Utf16 memory units;
        (next, units) = cursor.text(most);
        if (units.length == 0) revert ProofErrors.MalformedText();
    }

    function _readFeatures(uint256 cursor) private pure returns (uint256) {
        if (cursor.byteAt() == 0x5d) return cursor + 1;
        for (uint256 features = 1; features <= MOST_FEATURES; ++features) {
            cursor = _readText(cursor.skip('"', 1), 32);
            if (cursor.byteAt() == 0x5d) return cursor + 1;
            cursor = cursor.skip(",", 1);
        }
        revert ProofErrors.MalformedText();
    }

    /// @dev At most 16 names, each once and in order, each with an amount in quotation marks, or else with a number.
    function _readRecord(uint256 cursor, bool isOfAmounts) private pure returns (uint256) {
        if (cursor.byteAt() == 0x7d) return cursor + 1;
        Utf16 memory name;
        for (uint256 names = 1;; ++names) {
            if (names > MOST_TERMS) revert ProofErrors.MalformedText();
            (cursor, name) = cursor.name(name, names == 1);
            if (isOfAmounts) {
                (cursor,) = cursor.skip('"', 1).amount();
                cursor = cursor.skip('"', 1);
            } else {
                (cursor,) = cursor.natural();
            }
            if (cursor.byteAt() == 0x7d) return cursor + 1;
            cursor = cursor.skip(",", 1);
        }
        // Unreachable; the compiler does not see that the loop has no other end.
        return cursor;
    }
}
