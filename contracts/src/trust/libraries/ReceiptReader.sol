// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Receipt, SignedReceipt} from "../Proof.sol";
import {CanonicalText, Utf16} from "./CanonicalText.sol";
import {Merkle} from "./Merkle.sol";
import {ProofErrors} from "./ProofErrors.sol";
import {Statement} from "./Statement.sol";

/// @title ReceiptReader
/// @notice Reads a signed receipt (version heddle/1) and verifies it.
/// @dev RFC 8785 leaves one byte form for a receipt: its 25 names in one order, without space. The reader walks through
/// all of it and takes nothing else, so that what it returns cannot have been put in by way of a text inside.
library ReceiptReader {
    using CanonicalText for uint256;

    bytes32 private constant RECEIPTS = keccak256("receipts");

    /// @dev Names of what is counted, in UTF-16.
    bytes32 private constant CACHED = hex"006300610063006800650064";
    bytes32 private constant COMPLETION = hex"0063006f006d0070006c006500740069006f006e";
    bytes32 private constant PROMPT = hex"00700072006f006d00700074";
    /// @dev The name of a kind of work, likewise.
    bytes32 private constant INFERENCE = hex"0069006e0066006500720065006e00630065";
    uint256 private constant MOST_UNITS = 16;

    /// @notice Reads a receipt and holds it against its signature.
    /// @param separator Separator of the EIP-712 domain {Heddle, 1, chainId, settlement}.
    /// @param chainId The chain that the receipt has to name.
    /// @param settlement The settlement contract that it has to name.
    function verify(SignedReceipt calldata signed, bytes32 separator, uint256 chainId, address settlement)
        internal
        pure
        returns (Receipt memory receipt)
    {
        receipt = read(signed.json, chainId, settlement);

        bytes32 head = Merkle.rootOf(signed.json, signed.path);
        if (signed.path.size > 1) head = Merkle.commitment(head, signed.path.size);
        Statement.verify(separator, RECEIPTS, head, signed.signature, receipt.provider);
    }

    /// @notice Reads a receipt; nothing says yet that anybody signed it.
    function read(bytes calldata json, uint256 chainId, address settlement)
        internal
        pure
        returns (Receipt memory receipt)
    {
        // The zeros behind the text end every piece that reaches there.
        bytes memory text = bytes.concat(json, bytes32(0), bytes32(0));
        uint256 cursor;
        assembly ("memory-safe") {
            cursor := add(text, 0x20)
        }
        uint256 end = cursor + json.length;

        cursor = _readUntilId(cursor, receipt, chainId);
        cursor = _readUntilSequence(cursor, receipt);
        cursor = _readTheRest(cursor, receipt, settlement);
        if (cursor != end) revert ProofErrors.MalformedText();
    }

    function _readUntilId(uint256 cursor, Receipt memory receipt, uint256 chainId) private pure returns (uint256) {
        uint256 number;
        (cursor, number) = cursor.skip('{"chainId":', 11).integer();
        (cursor, receipt.channel) = cursor.skip(',"channel":"0x', 14).digest();
        if (number != chainId) revert ProofErrors.ForeignReceipt();
        (cursor, receipt.charge) = cursor.skip('","charge":"', 12).amount();
        (cursor, receipt.charged) = cursor.skip('","charged":"', 13).amount();
        (cursor,) = cursor.skip('","engine":{"build":"', 21).text(128);
        (cursor,) = cursor.skip(',"name":"', 9).text(64);

        cursor = cursor.skip('},"evidence":', 13);
        if (cursor.byteAt() == 0x6e) {
            cursor = cursor.skip("null", 4);
        } else {
            receipt.hasEvidence = true;
            (cursor, receipt.evidence) = cursor.skip('"0x', 3).digest();
            cursor = cursor.skip('"', 1);
        }

        cursor = cursor.skip(',"finish":"', 11);
        uint256 first = cursor.byteAt();
        // stop, length or interrupted
        if (first == 0x73) cursor = cursor.skip("stop", 4);
        else if (first == 0x6c) cursor = cursor.skip("length", 6);
        else cursor = cursor.skip("interrupted", 11);
        (cursor, receipt.finished) = cursor.skip('","finished":', 13).integer();
        return cursor;
    }

    function _readUntilSequence(uint256 cursor, Receipt memory receipt) private pure returns (uint256) {
        (cursor, receipt.id) = cursor.skip(',"id":"0x', 9).digest();
        (cursor,) = cursor.skip('","input":"0x', 13).digest();
        (cursor, receipt.model) = cursor.skip('","model":"0x', 13).digest();
        (cursor, receipt.nonce) = cursor.skip('","nonce":"0x', 13).digest();
        (cursor, receipt.offer) = cursor.skip('","offer":"0x', 13).digest();
        (cursor,) = cursor.skip('","output":"0x', 14).digest();
        (cursor,) = cursor.skip('","outputBytes":"', 17).count();
        (cursor, receipt.provider) = cursor.skip('","provider":"0x', 16).account();
        (cursor,) = cursor.skip('","request":"0x', 15).digest();
        (cursor, receipt.seed) = cursor.skip('","seed":"0x', 12).digest();
        return _readSeen(cursor.skip('","seen":', 9), receipt);
    }

    /// @dev Null, or the number and the hash of a block.
    function _readSeen(uint256 cursor, Receipt memory receipt) private pure returns (uint256) {
        if (cursor.byteAt() == 0x6e) return cursor.skip("null", 4);
        receipt.hasSeen = true;
        (cursor, receipt.seenBlock) = cursor.skip('{"block":', 9).natural();
        (cursor, receipt.seenHash) = cursor.skip(',"hash":"0x', 11).digest();
        return cursor.skip('"}', 2);
    }

    function _readTheRest(uint256 cursor, Receipt memory receipt, address settlement) private pure returns (uint256) {
        address named;
        (cursor, receipt.sequence) = cursor.skip(',"sequence":"', 13).count();
        (cursor, named) = cursor.skip('","settlement":"0x', 18).account();
        if (named != settlement) revert ProofErrors.ForeignReceipt();
        (cursor,) = cursor.skip('","started":', 12).integer();
        cursor = _readUsage(cursor.skip(',"usage":{', 10), receipt);
        cursor = cursor.skip(',"version":"heddle/1"', 21);

        Utf16 memory workload;
        (cursor, workload) = cursor.skip(',"workload":"', 13).text(32);
        if (workload.length == 0) revert ProofErrors.MalformedText();
        receipt.isInference = _is(workload, INFERENCE, 9);
        return cursor.skip("}", 1);
    }

    /// @dev At most 16 names of at most 32 units, each once and in order, each with a count.
    function _readUsage(uint256 cursor, Receipt memory receipt) private pure returns (uint256) {
        if (cursor.byteAt() == 0x7d) return cursor + 1;

        Utf16 memory before;
        for (uint256 names = 1;; ++names) {
            if (names > MOST_UNITS) revert ProofErrors.MalformedText();
            Utf16 memory name;
            uint256 value;
            (cursor, name) = cursor.name(before, names == 1);
            (cursor, value) = cursor.skip('"', 1).count();
            cursor = cursor.skip('"', 1);
            before = name;

            if (_is(name, PROMPT, 6)) receipt.prompt = value;
            else if (_is(name, CACHED, 6)) receipt.cached = value;
            else if (_is(name, COMPLETION, 10)) receipt.completion = value;

            if (cursor.byteAt() == 0x7d) return cursor + 1;
            cursor = cursor.skip(",", 1);
        }
        // Unreachable; the compiler does not see that the loop has no other end.
        return cursor;
    }

    function _is(Utf16 memory name, bytes32 units, uint256 length) private pure returns (bool) {
        return name.length == length && name.high == uint256(units) && name.low == 0;
    }
}
